import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startD1, statementsOf } from '../support/d1.ts'
import { describedByPostgres, describedBySqlite } from '../support/introspection.ts'
import { migrations } from '../support/migrations.ts'
import { asked, hasPostgres, newPostgresSchema } from '../support/postgres.ts'
import { SCHEMA } from '../support/store-sqlite.ts'

const BROKEN = SCHEMA.replace('  answer_code TEXT,', '  answer_code TEXT NOT NULL,')
const DDL = migrations().map(({ sql }) => sql)
const withPostgres = await hasPostgres()

/** Each in a database of its own. */
async function onSqlite(...texts: readonly string[]) {
  const db = new Sqlite(':memory:')
  onTestFinished(() => void db.close())
  for (const text of texts) db.exec(text)
  return describedBySqlite(async (sql) => db.prepare(sql).all() as never)
}

async function onPostgres(...texts: readonly string[]) {
  const url = await newPostgresSchema()
  for (const text of texts) await asked(url, text)
  return describedByPostgres(url)
}

async function onD1(...texts: readonly string[]) {
  const d1 = await startD1('')
  onTestFinished(() => d1.close())
  const { binding } = d1
  for (const text of texts) await binding.batch(statementsOf(text).map((sql) => binding.prepare(sql)))
  return describedBySqlite(async (sql) => ((await binding.prepare(sql).all()) as { results: never }).results)
}

describe.each([
  ['SQLite', onSqlite, true],
  ['PostgreSQL', onPostgres, withPostgres],
  ['D1', onD1, true],
] as const)('on %s all migrations together', (_, on, isThere) => {
  it.runIf(isThere)(
    'make of an empty database what schema.sql makes of it',
    { timeout: 30_000 },
    async () => {
      const expected = await on(SCHEMA)
      expect(Object.keys(expected).length).toBeGreaterThan(2)
      expect(await on(...DDL)).toEqual(expected)
    },
  )

  it.runIf(isThere)('would be found out if they differed', { timeout: 30_000 }, async () => {
    expect(await on(BROKEN)).not.toEqual(await on(...DDL))
  })
})
