import { totalmem } from 'node:os'
import Sqlite, { type Database as Connection, type Statement } from 'better-sqlite3'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Engine, SqlValue } from '../../src/store/engine.ts'
import type { Database } from '../../src/store/schema.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { createStore } from '../../src/store/store.ts'
import { SCHEMA } from '../server/mock.ts'
import { sale } from './scale-sales.ts'

export interface Filled {
  /** Some of the licenses, evenly over the time of their creation. */
  readonly ids: readonly string[]
  /** Where a page in the middle begins. */
  readonly middle: string
  readonly bytesPerLicense: Readonly<Record<string, number>>
}

const SAMPLE = 10_000
/** All were sold before now, and none of them ends before then. */
const SOLD_WITHIN = 300 * 86_400

/**
 * Makes a database of `count` licenses, through the product's own statements in the random order of real ids.
 * Only the filling is not durable: one connection with a large cache that never syncs.
 */
export async function fill(path: string, count: number, now: number): Promise<Filled> {
  await openSqlite(path, { schema: SCHEMA, create: true }).close()
  const db = new Sqlite(path)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma(`cache_size = -${Math.round(Math.min(4 * 2 ** 30, totalmem() / 4) / 1024)}`)
  const store = createStore(bulkEngine(db), compiler())
  const ids: string[] = []
  let middle = ''
  db.exec('BEGIN')
  for (let number = 0; number < count; number++) {
    const at = now - SOLD_WITHIN + Math.floor((number / count) * SOLD_WITHIN)
    const { id, lasting } = sale(number, at)
    await store.commit(lasting)
    if (number % Math.max(1, count / SAMPLE) < 1) ids.push(id)
    if (number === count >> 1) middle = `${at}-${id}`
  }
  db.exec('COMMIT')
  const bytesPerLicense = sizes(db, count)
  db.close()
  return { ids, middle, bytesPerLicense }
}

/** Runs the steps in a transaction that somebody else began. */
function bulkEngine(db: Connection): Engine {
  const statements = new Map<string, Statement<SqlValue[]>>()
  const unused = () => Promise.reject(new Error('filling reads nothing'))
  return {
    prepare: (sql) => void statements.set(sql, db.prepare(sql)),
    first: unused,
    all: unused,
    async atomic(steps) {
      for (const { sql, values } of steps) statements.get(sql)!.run(...values)
      return 'committed'
    },
    erase: unused,
    async compact() {},
    async close() {},
  }
}

function compiler(): Kysely<Database> {
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

/** By table, its indexes included. */
function sizes(db: Connection, count: number): Record<string, number> {
  const rows = db
    .prepare<[], { table: string; bytes: number }>(
      `SELECT tbl_name AS "table", sum(pgsize) AS bytes FROM dbstat JOIN sqlite_master USING (name)
       WHERE tbl_name IN ('licenses', 'license_events', 'customers', 'answers') GROUP BY tbl_name`,
    )
    .all()
  return Object.fromEntries(rows.map(({ table, bytes }) => [table, bytes / count]))
}
