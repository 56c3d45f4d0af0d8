import Sqlite from 'better-sqlite3'
import { isBusy, storeError } from './sqlite-errors.ts'

/**
 * Takes a lock on a file of its own, against every other process; answers with what gives it back, or null when
 * another process still holds it after `patience` milliseconds. The system gives it back for a process that dies. Throws `StoreError` when
 * the file cannot be used. The file stays: one that is removed while others wait locks nothing.
 */
export function takeLock(path: string, patience: number): (() => void) | null {
  const db = connect(path, patience)
  try {
    db.exec('BEGIN EXCLUSIVE')
    return () => db.close()
  } catch (thrown) {
    db.close()
    if (isBusy(thrown)) return null
    throw storeError(thrown, path)
  }
}

function connect(path: string, patience: number): Sqlite.Database {
  try {
    return new Sqlite(path, { timeout: patience })
  } catch (thrown) {
    throw storeError(thrown, path)
  }
}
