import type { Database as Sqlite } from 'better-sqlite3'

/** Items of one transaction; more wait for the next, so that reads get their turn in between. */
const MOST_ITEMS = 256

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
 * disk is shared, alone an item waits for nothing but the end of the turn.
 */
export function groupCommit(db: Sqlite): GroupCommit {
  let queue: Item[] = []
  const commitItems = itemCommitter(db)

  function commitSome(): void {
    const items = queue.slice(0, MOST_ITEMS)
    queue = queue.slice(MOST_ITEMS)
    if (queue.length > 0) setImmediate(commitSome)
    if (items.length === 0) return
    for (const tell of commitItems(items)) tell()
  }

  return {
    submit: (item) =>
      new Promise((succeed, fail) => {
        queue.push({ run: item, succeed: succeed as Item['succeed'], fail })
        if (queue.length === 1) setImmediate(commitSome)
      }),
    flush() {
      while (queue.length > 0) commitSome()
    },
  }
}

/**
 * Nearly always no item throws, so the first try has no savepoints: SQLite would copy every page it touches
 * for each of them, a quarter of the whole cost. When one throws, all of it is taken back and run again with
 * a savepoint around each.
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
      if (!inItem || items.length === 1) return failAll(items, thrown)
    }
    try {
      return apart.immediate(items)
    } catch (thrown) {
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
