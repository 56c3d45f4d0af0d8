import type { Database as Sqlite, Statement } from 'better-sqlite3'
import type { Committed } from '../../authority/ports.ts'
import type { Engine, SqlValue, Step } from '../engine.ts'
import { StoreError } from '../errors.ts'
import { isBusy, isUniqueViolation, storeError } from './errors.ts'
import { groupCommit } from './group-commit.ts'
import { watchPlace } from './moved.ts'
import { sqliteView } from './view.ts'

/** A step met other rows than it expects; thrown to take back the savepoint. */
const UNEXPECTED_ROWS = Symbol('unexpected rows')

/** SQLITE_MAX_VARIABLE_NUMBER as every build since 3.32 has it. */
const MOST_VALUES = 32_766

/** Runs prepared statements on one connection. Reads see everything that was told to be committed. */
export function sqliteEngine(db: Sqlite, path: string): Engine {
  const statements = new Map<string, Statement<SqlValue[]>>()
  const group = groupCommit(db, watchPlace(path))
  let open = true

  function assertOpen(): void {
    if (!open) throw new StoreError('closed', `The database ${path} has been closed.`)
  }

  function run(steps: readonly Step[]): void {
    for (const { sql, values, expect } of steps) {
      const prepared = statements.get(sql)!
      const rows = expect === 'none' ? prepared.all(...values).length : prepared.run(...values).changes
      if ((expect === 'none' && rows > 0) || (expect === 'one' && rows !== 1)) throw UNEXPECTED_ROWS
    }
  }

  async function read<T>(work: () => T): Promise<T> {
    assertOpen()
    try {
      return work()
    } catch (thrown) {
      throw storeError(thrown, path)
    }
  }

  async function atomic(steps: readonly Step[]): Promise<Committed> {
    assertOpen()
    try {
      await group.submit(() => run(steps))
      return 'committed'
    } catch (thrown) {
      if (thrown === UNEXPECTED_ROWS || isUniqueViolation(thrown)) return 'conflict'
      throw storeError(thrown, path)
    }
  }

  /** Where another process reads, the log stays: what was committed is committed all the same. */
  function emptyLog(): void {
    try {
      db.pragma('wal_checkpoint(TRUNCATE)')
    } catch (thrown) {
      if (!isBusy(thrown)) throw storeError(thrown, path)
    }
  }

  return {
    prepare(sql) {
      statements.set(sql, db.prepare(sql))
    },
    first: (sql, values) => read(() => statements.get(sql)!.get(...values)),
    all: (sql, values) => read(() => statements.get(sql)!.all(...values)),
    atomic,
    async erase(steps) {
      assertOpen()
      // Not always: every sale would pay for it. It zeroes what a row leaves in its page, and pages that are freed.
      db.pragma('secure_delete = ON')
      const committed = await atomic(steps).finally(() => db.pragma('secure_delete = OFF'))
      emptyLog()
      return committed
    },
    mostValues: MOST_VALUES,
    async snapshot() {
      assertOpen()
      group.flush()
      return sqliteView(path)
    },
    async compact() {
      assertOpen()
      group.flush()
      try {
        db.exec('VACUUM')
        db.pragma('wal_checkpoint(TRUNCATE)')
      } catch (thrown) {
        throw storeError(thrown, path)
      }
    },
    async close() {
      group.flush()
      open = false
      db.close()
    },
  }
}
