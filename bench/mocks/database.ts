import { existsSync } from 'node:fs'
import Sqlite, { type Database, type Statement } from 'better-sqlite3'
import type { PurchaseRows } from './purchase.ts'

/** The product's tables, opened as durable as the product opens them. */
export function openDatabase(path: string, schema: string): Database {
  const isNew = !existsSync(path)
  const db = new Sqlite(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  if (isNew) db.exec(schema)
  return db
}

/** Inserts the rows of a purchase by prepared statements; the caller holds the transaction. */
export function purchaseWriter(db: Database): (rows: PurchaseRows) => void {
  const statements = new Map<string, Statement>()
  function insert(table: string, row: object): void {
    let statement = statements.get(table)
    if (statement === undefined) {
      const names = Object.keys(row)
      statement = db.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => '?')})`)
      statements.set(table, statement)
    }
    statement.run(...Object.values(row))
  }
  return (rows) => {
    for (const [table, row] of Object.entries(rows)) insert(table, row)
  }
}

/** Said once, for the bench to read: a setting read before the first write may tell what will not be so. */
export function tellDurability(db: Database): void {
  console.log(`synchronous after a write: ${db.pragma('synchronous', { simple: true })}`)
}
