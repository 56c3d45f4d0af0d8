import Sqlite from 'better-sqlite3'
import type { SqlValue, View } from '../engine.ts'
import { storeError } from './errors.ts'

/**
 * The database as it is now, on a connection of its own: in WAL mode whoever writes goes on, and the log grows until
 * this is closed. Nothing is mapped into memory: all of the file would be, sooner or later.
 */
export function sqliteView(path: string): View {
  const db = connect(path)
  const statements = new Map<string, Sqlite.Statement<SqlValue[]>>()

  function prepared(sql: string): Sqlite.Statement<SqlValue[]> {
    const known = statements.get(sql) ?? db.prepare<SqlValue[]>(sql)
    statements.set(sql, known)
    return known
  }

  return {
    isConsistent: true,
    async all(sql, values) {
      try {
        return prepared(sql).all(...values)
      } catch (thrown) {
        throw storeError(thrown, path)
      }
    },
    async close() {
      db.close()
    },
  }
}

function connect(path: string): Sqlite.Database {
  try {
    const db = new Sqlite(path, { readonly: true, fileMustExist: true })
    db.exec('BEGIN')
    // The moment is that of the first read, not that of BEGIN.
    db.prepare('SELECT count(*) FROM sqlite_master').get()
    return db
  } catch (thrown) {
    throw storeError(thrown, path)
  }
}
