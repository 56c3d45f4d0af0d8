import type { Database as Sqlite } from 'better-sqlite3'
import { isBusy } from './errors.ts'

/** Items of one transaction; more wait for the next, so that reads get their turn in between. */
const MOST_ITEMS = 256

/** How long the driver itself waits for the write lock, milliseconds: nothing else runs meanwhile. */
export const BUSY_TIMEOUT_MS = 50

/** Milliseconds between two tries while another process holds the lock: reads and answers get their turn. */
const PAUSE_MS = 75

/** Refused tries in a row before everybody who waits is told that it is locked: about two and a half seconds. */
const MOST_TRIES = 20

export interface GroupCommit {
  /**
   * Runs `item` in the next transaction: when it throws, nothing of it is left and the others do not notice.
   * It may be run twice and must do nothing but write. The promise settles only after COMMIT has returned, so
   * what it says is durable.
   */
  submit<T>(item: () => T): Promise<T>
  /** Commits everything submitted so far, now. */
  flush(): void
}

interface Item {
  readonly run: () => unknown
  readonly succeed: (value: unknown) => void
  readonly fail: (thrown: unknown) => void
}

/** Tells a waiting item what became of it. */
type Word = () => void

/**
 * One durable write for everything that arrives in one turn of the event loop: under load the cost of the
 * disk is shared, alone an item waits for nothing but the end of the turn. While another process holds the
 * write lock the items wait together; when it was held for too long all of them are told, and whoever comes
 * after is told at the next try, until one succeeds. `isLost` is asked after every commit: with its error nobody is told
 * that what was written will last.
 */
export function groupCommit(db: Sqlite, isLost: () => Error | null = () => null): GroupCommit {
  let queue: Item[] = []
  let refusals = 0
  let scheduled = false
  const commitItems = itemCommitter(db)

  function commitSome(): void {
    const items = queue.slice(0, MOST_ITEMS)
    try {
      const words = commitItems(items)
      refusals = 0
      queue = queue.slice(items.length)
      const lost = isLost()
      for (const tell of lost === null ? words : failAll(items, lost)) tell()
    } catch (locked) {
      if (++refusals < MOST_TRIES) return
      for (const item of queue) item.fail(locked)
      queue = []
    }
  }

  function schedule(): void {
    if (scheduled || queue.length === 0) return
    scheduled = true
    if (refusals > 0) setTimeout(turn, PAUSE_MS)
    else setImmediate(turn)
  }

  function turn(): void {
    scheduled = false
    if (queue.length > 0) commitSome()
    schedule()
  }

  return {
    submit: (item) =>
      new Promise((succeed, fail) => {
        queue.push({ run: item, succeed: succeed as Item['succeed'], fail })
        schedule()
      }),
    flush() {
      while (queue.length > 0) commitSome()
    },
  }
}

/**
 * Nearly always no item throws, so the first try has no savepoints: SQLite would copy every page it touches
 * for each of them, a quarter of the whole cost. When one throws, all of it is taken back and run again with
 * a savepoint around each. Throws, with nothing done, only when another process holds the write lock.
 */
function itemCommitter(db: Sqlite): (items: readonly Item[]) => Word[] {
  let inItem = false
  const together = db.transaction((items: readonly Item[]) =>
    items.map((item) => {
      inItem = true
      const value = item.run()
      inItem = false
      return () => item.succeed(value)
    }),
  )
  const apart = db.transaction((items: readonly Item[]) => items.map((item) => runWithin(db, item)))
  return (items) => {
    inItem = false
    try {
      return together.immediate(items)
    } catch (thrown) {
      if (isBusy(thrown)) throw thrown
      if (!inItem || items.length === 1) return failAll(items, thrown)
    }
    try {
      return apart.immediate(items)
    } catch (thrown) {
      if (isBusy(thrown)) throw thrown
      return failAll(items, thrown)
    }
  }
}

/** A transaction within a transaction is a savepoint. */
function runWithin(db: Sqlite, item: Item): Word {
  try {
    const value = db.transaction(item.run)()
    return () => item.succeed(value)
  } catch (thrown) {
    // SQLite takes back the whole transaction on its own when, say, the disk is full.
    if (!db.inTransaction) throw thrown
    return () => item.fail(thrown)
  }
}

const failAll = (items: readonly Item[], thrown: unknown): Word[] =>
  items.map((item) => () => item.fail(thrown))
