import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Migration, Migrator } from '../migrations.ts'
import { notInitialised, storeError } from './errors.ts'

/** How long it waits for other writers, milliseconds: for another migration, too. */
const PATIENCE = 60_000

/** Opens the database of any version, for `licet migrate` alone. Throws `StoreError` with a sentence. */
export function openSqliteMigrator(path: string): Migrator {
  if (!existsSync(path)) throw notInitialised(path)
  const db = attempt(path, () => new Sqlite(path, { timeout: PATIENCE }))
  const version = db.transaction((): string | null => {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()
    if (tables.length === 0) throw notInitialised(path)
    if (!tables.includes('settings')) return null
    const row = db.prepare("SELECT value FROM settings WHERE name = 'schema_version'").pluck().get()
    return row === undefined ? null : String(row)
  })
  const apply = db.transaction(({ version: to, sql }: Migration) => {
    if (Number(version()) !== to - 1) return 'moved'
    db.exec(sql)
    if (Number(version()) !== to) throw new Error(`the migration to version ${to} does not set it`)
    return 'applied'
  })
  return {
    where: path,
    version: async () => attempt(path, version),
    countRows: async (table) =>
      attempt(path, () => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())),
    apply: async (migration) =>
      attempt(path, () => {
        // Durable before anybody is told so; it is not kept in the file.
        db.pragma('synchronous = FULL')
        return apply.immediate(migration)
      }),
    close: async () => void db.close(),
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw storeError(thrown, path)
  }
}
