import type { Committed } from '../../authority/ports.ts'
import { StoreError } from '../errors.ts'
import { isContention, isLockTimeout, isUniqueViolation, postgresError } from './errors.ts'
import { type Item, isAboutAbsence, type Transact, UNEXPECTED_ROWS } from './transactions.ts'

/** Items of one transaction; more wait for the next. */
const MOST_ITEMS = 256

/** Transactions under way at one time: while one waits for the disk, the next is being written. */
const LANES = 2

/** How often a transaction is tried without those items that stood in its way; then each goes alone. */
const SHARED_TRIES = 3

/** How often a single item is tried that others stood in the way of. */
const MOST_TRIES = 5

/** The first pause between two tries, milliseconds; it doubles, and chance decides how much of it is waited. */
const PAUSE_MS = 10

export interface SharedCommits {
  /**
   * Runs the item in a transaction shared with all that arrives while others are under way; what it says is durable.
   * An item that fails leaves nothing, and the others do not notice.
   */
  submit(item: Item): Promise<Committed>
  /** Settles when nothing is under way any more. */
  finished(): Promise<void>
}

interface Waiting {
  readonly item: Item
  readonly succeed: (committed: Committed) => void
  readonly fail: (thrown: unknown) => void
}

/** `chance` is a number from 0 to 1. `inOrder` puts items so that two processes lock their rows in the same order. */
export function sharedCommits(
  transact: Transact,
  where: string,
  chance: () => number,
  inOrder: (items: readonly Item[]) => readonly Item[],
): SharedCommits {
  const pending = new Set<Promise<unknown>>()
  const alone = (item: Item) => commitAlone(transact, where, chance, item)
  let queue: Waiting[] = []
  let busy = 0
  let scheduled = false

  /** At the end of the turn of the event loop, so that everything that arrives in it goes together. */
  function schedule(): void {
    if (scheduled || busy === LANES || queue.length === 0) return
    scheduled = true
    setImmediate(turn)
  }

  function turn(): void {
    scheduled = false
    const waiting = queue.slice(0, MOST_ITEMS)
    queue = queue.slice(MOST_ITEMS)
    busy++
    void settle(waiting).finally(() => {
      busy--
      schedule()
    })
    schedule()
  }

  async function settle(waiting: readonly Waiting[]): Promise<void> {
    const byItem = new Map(waiting.map((one) => [one.item, one]))
    const told = (item: Item): Waiting => {
      const one = byItem.get(item)!
      byItem.delete(item)
      return one
    }
    // What keeps everybody out is told to everybody: one after the other they would wait for minutes.
    const failed = (item: Item, thrown: unknown): void => {
      if (isOutage(thrown)) throw thrown
      told(item).fail(thrown)
    }
    try {
      const rest = await commitTogether(transact, inOrder([...byItem.keys()]), (item) =>
        told(item).succeed('committed'),
      )
      for (const item of rest)
        await alone(item).then(
          (committed) => told(item).succeed(committed),
          (thrown) => failed(item, thrown),
        )
    } catch (thrown) {
      for (const { fail } of byItem.values()) fail(thrown)
    }
  }

  return {
    submit(item) {
      const settled = new Promise<Committed>((succeed, fail) => {
        queue.push({ item, succeed, fail })
        schedule()
      })
      pending.add(settled)
      const forget = () => void pending.delete(settled)
      settled.then(forget, forget)
      return settled
    },
    async finished() {
      await Promise.allSettled(pending)
    },
  }
}

/** Commits what can share a transaction and returns what has to go alone, in the order it came. */
async function commitTogether(
  transact: Transact,
  items: readonly Item[],
  tellCommitted: (item: Item) => void,
): Promise<readonly Item[]> {
  const odd = items.filter(isAboutAbsence)
  let rest = items.filter((item) => !isAboutAbsence(item))
  if (rest.length <= 1) return items
  for (let tries = 0; tries < SHARED_TRIES && rest.length > 0; tries++) {
    const outcome = await transact(rest)
    if (outcome.type === 'committed') {
      rest.forEach(tellCommitted)
      return odd
    }
    odd.push(...rest.filter((item) => outcome.because.has(item)))
    rest = rest.filter((item) => !outcome.because.has(item))
  }
  return [...odd, ...rest]
}

async function commitAlone(
  transact: Transact,
  where: string,
  chance: () => number,
  item: Item,
): Promise<Committed> {
  for (let pause = PAUSE_MS, tries = 1; ; pause *= 2, tries++) {
    const outcome = await transact([item])
    if (outcome.type === 'committed') return 'committed'
    if (isConflict(outcome.thrown)) return 'conflict'
    if (!isContention(outcome.thrown) || tries === MOST_TRIES) throw postgresError(outcome.thrown, where)
    await new Promise((resolve) => setTimeout(resolve, pause * chance()))
  }
}

const isConflict = (thrown: unknown): boolean => thrown === UNEXPECTED_ROWS || isUniqueViolation(thrown)

const isOutage = (thrown: unknown): boolean =>
  thrown instanceof StoreError && (thrown.code === 'unreachable' || isLockTimeout(thrown.cause))
