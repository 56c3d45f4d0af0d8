import { totalmem } from 'node:os'
import Sqlite, { type Database as Connection, type Statement } from 'better-sqlite3'
import type { Store } from '../../src/authority/ports.ts'
import type { Engine, SqlValue } from '../../src/store/engine.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import { sqliteCompiler } from '../../src/store/sqlite-compiler.ts'
import { createStore } from '../../src/store/store.ts'
import { SCHEMA } from '../server/mock.ts'

/**
 * The product's own statements on a new database, in one transaction that the caller commits. Only this is not durable:
 * one connection with a large cache that never syncs.
 */
export async function bulkStore(path: string): Promise<{ readonly db: Connection; readonly store: Store }> {
  await openSqlite(path, { schema: SCHEMA, create: true }).close()
  const db = new Sqlite(path)
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma(`cache_size = -${Math.round(Math.min(4 * 2 ** 30, totalmem() / 4) / 1024)}`)
  const store = createStore(bulkEngine(db), sqliteCompiler())
  db.exec('BEGIN')
  return { db, store }
}

function bulkEngine(db: Connection): Engine {
  const statements = new Map<string, Statement<SqlValue[]>>()
  const unused = () => Promise.reject(new Error('filling does not do that'))
  return {
    prepare: (sql) => void statements.set(sql, db.prepare(sql)),
    first: async (sql, values) => statements.get(sql)!.get(...values),
    all: async (sql, values) => statements.get(sql)!.all(...values),
    async atomic(steps) {
      for (const { sql, values, expect } of steps) {
        const statement = statements.get(sql)!
        const fits =
          expect === 'none'
            ? statement.all(...values).length === 0
            : statement.run(...values).changes === 1 || expect !== 'one'
        if (!fits) throw new Error('filling met a conflict')
      }
      return 'committed'
    },
    erase: unused,
    mostValues: 0,
    snapshot: unused,
    async compact() {},
    async close() {},
  }
}
