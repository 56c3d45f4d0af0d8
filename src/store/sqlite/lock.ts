import Sqlite from 'better-sqlite3'
import { isBusy, storeError } from './errors.ts'

/**
 * Takes a lock on a file of its own, against every other process; answers with what gives it back, or null when
 * another process still holds it, shared or alone, after `patience` milliseconds. The system gives it back for a
 * process that dies. Throws `StoreError` when the file cannot be used. The file stays: one that is removed while
 * others wait locks nothing.
 */
export function takeLock(path: string, patience: number): (() => void) | null {
  return locked(path, patience, ['BEGIN EXCLUSIVE'])
}

/** As `takeLock`, but any number of processes may share it; together they keep out whoever wants it alone. */
export function takeSharedLock(path: string, patience: number): (() => void) | null {
  // A transaction takes its shared lock with the first read.
  return locked(path, patience, ['BEGIN', 'SELECT count(*) FROM sqlite_master'])
}

function locked(path: string, patience: number, steps: readonly string[]): (() => void) | null {
  const db = connect(path, patience)
  try {
    for (const step of steps) db.exec(step)
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
