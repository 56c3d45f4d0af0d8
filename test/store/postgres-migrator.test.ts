import { describe, expect, it, onTestFinished } from 'vitest'
import type { Migrator } from '../../src/store/migrations.ts'
import { openPostgresMigrator } from '../../src/store/postgres/migrator.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { migrations } from '../support/migrations.ts'
import { asked, connected, hasPostgres, newPostgresSchema } from '../support/postgres.ts'
import { openedAt } from '../support/store-postgres.ts'
import { SCHEMA } from '../support/store-sqlite.ts'
import { FACTS, VERSION_2 } from '../support/version-2.ts'

const [, step] = migrations()

async function ofVersion2(): Promise<string> {
  const url = await newPostgresSchema()
  for (const text of VERSION_2) await asked(url, text)
  return url
}

async function migratorAt(url: string): Promise<Migrator> {
  const migrator = await openPostgresMigrator(url)
  onTestFinished(() => migrator.close())
  return migrator
}

describe.runIf(await hasPostgres())('the schema of a PostgreSQL database', () => {
  it('is brought up with all that it holds', async () => {
    const url = await ofVersion2()
    const migrator = await migratorAt(url)
    expect([await migrator.version(), await migrator.countRows('licenses')]).toEqual(['2', 6])
    expect(await migrator.apply(step!)).toBe('applied')
    expect(await migrator.version()).toBe(String(SCHEMA_VERSION))
    const store = await openedAt(url)
    for (const { license, history } of Object.values(FACTS.licenses)) {
      expect(await store.byId(license.id)).toEqual(license)
      expect(JSON.parse(JSON.stringify(await store.history(license.id)))).toEqual(history)
    }
    for (const [id, body] of Object.entries(FACTS.answers)) {
      const call = { accessKey: 'none', signature: 'none', nonce: null }
      const known = await store.recall(call, { channel: 'huawei', order: { id, line: '1' } })
      expect(known.answer!.body).toBe(body)
    }
  })

  it('goes up once when two begin at the same time: the second waits and finds it done', async () => {
    const url = await ofVersion2()
    const both = await Promise.all([migratorAt(url), migratorAt(url)])
    const outcomes = await Promise.all(both.map((migrator) => migrator.apply(step!)))
    expect(outcomes.sort()).toEqual(['applied', 'moved'])
  })

  it('stays as it was when a step fails in the middle', async () => {
    const url = await ofVersion2()
    await asked(url, 'create table answer_forms (in_the_way text)')
    const migrator = await migratorAt(url)
    await expect(migrator.apply(step!)).rejects.toMatchObject({ name: 'StoreError' })
    expect(await migrator.version()).toBe('2')
    expect(await asked(url, "select to_regclass('leases') as leases")).toEqual([{ leases: null }])
  })

  it('waits for a transaction that reads what it changes', async () => {
    const url = await ofVersion2()
    const reader = await connected(url)
    onTestFinished(() => reader.end())
    await reader.query('begin; select count(*) from licenses')
    const applied = (await migratorAt(url)).apply(step!)
    setTimeout(() => void reader.query('commit'), 300)
    expect(await applied).toBe('applied')
  })

  it('is refused by a program of another version in a sentence', async () => {
    const url = await ofVersion2()
    const opening = openPostgres(url, { schema: SCHEMA, create: false, chance: Math.random })
    await expect(opening).rejects.toMatchObject({
      code: 'older_schema',
      message: expect.stringContaining('run licet migrate --apply'),
    })
  })

  it('is not there in an empty database, and has no version in one of another program', async () => {
    const url = await newPostgresSchema()
    const migrator = await migratorAt(url)
    await expect(migrator.version()).rejects.toMatchObject({ code: 'not_initialised' })
    await asked(url, 'create table preferences (name text)')
    expect(await migrator.version()).toBeNull()
  })
})
