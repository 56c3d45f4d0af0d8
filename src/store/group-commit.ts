import type { Database as Sqlite } from 'better-sqlite3'

/** Items of one transaction; more wait for the next, so that reads get their turn in between. */
const MOST_ITEMS = 256

export interface GroupCommit {
  /**
   * Runs `item` in the next transaction, within a savepoint of its own: when it throws, nothing of it is left
   * and the others do not notice. The promise settles only after COMMIT has returned, so what it says is durable.
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

/**
 * One durable write for everything that arrives in one turn of the event loop: under load the cost of the
 * disk is shared, alone an item waits for nothing but the end of the turn.
 */
export function groupCommit(db: Sqlite): GroupCommit {
  let queue: Item[] = []
  const savepoint = db.transaction((item: Item) => item.run())
  const transaction = db.transaction((items: readonly Item[]) => items.map((item) => runOne(item)))

  /** Answers how to tell the item, once that is known to be true. */
  function runOne(item: Item): () => void {
    try {
      const value = savepoint(item)
      return () => item.succeed(value)
    } catch (thrown) {
      // SQLite takes back the whole transaction on its own when, say, the disk is full.
      if (!db.inTransaction) throw thrown
      return () => item.fail(thrown)
    }
  }

  function commitSome(): void {
    const items = queue.slice(0, MOST_ITEMS)
    queue = queue.slice(MOST_ITEMS)
    if (queue.length > 0) setImmediate(commitSome)
    if (items.length === 0) return
    let tell: (() => void)[]
    try {
      tell = transaction.immediate(items)
    } catch (thrown) {
      tell = items.map((item) => () => item.fail(thrown))
    }
    for (const one of tell) one()
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
