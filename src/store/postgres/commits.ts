import type { Committed } from '../../authority/ports.ts'
import { StoreError } from '../errors.ts'
import { isContention, isLockTimeout, isUniqueViolation, postgresError } from './errors.ts'
import { type Gathering, gathering, type Waiting } from './gather.ts'
import { type Item, isAboutAbsence } from './items.ts'
import { type Transact, UNEXPECTED_ROWS } from './transactions.ts'

/** While one transaction waits for the disk, the next is being written. */
const LIMITS = { most: 256, lanes: 2 }

/**
 * How often a transaction is tried: first with one statement for what is alike, then with one for each step and without
 * those items that stood in its way; then each goes alone.
 */
const SHARED_TRIES = 4

/** How often a single item is tried that others stood in the way of. */
const MOST_TRIES = 5

/** The first pause between two tries, milliseconds; it doubles, and chance decides how much of it is waited. */
const PAUSE_MS = 10

/**
 * Runs each item in a transaction shared with all that arrives while others are under way; what it says is durable.
 * An item that fails leaves nothing, and the others do not notice. `chance` is a number from 0 to 1. `inOrder` puts items
 * so that two processes lock their rows in the same order.
 */
export function sharedCommits(
  transact: Transact,
  where: string,
  chance: () => number,
  inOrder: (items: readonly Item[]) => readonly Item[],
): Gathering<Item, Committed> {
  const alone = (item: Item) => commitAlone(transact, where, chance, item)

  async function settle(waiting: readonly Waiting<Item, Committed>[]): Promise<void> {
    const byItem = new Map(waiting.map((one) => [one.input, one]))
    const told = (item: Item): Waiting<Item, Committed> => {
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

  return gathering(LIMITS, settle)
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
    const outcome = await transact(rest, tries === 0)
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
    const outcome = await transact([item], false)
    if (outcome.type === 'committed') return 'committed'
    if (isConflict(outcome.thrown)) return 'conflict'
    if (!isContention(outcome.thrown) || tries === MOST_TRIES) throw postgresError(outcome.thrown, where)
    await new Promise((resolve) => setTimeout(resolve, pause * chance()))
  }
}

const isConflict = (thrown: unknown): boolean => thrown === UNEXPECTED_ROWS || isUniqueViolation(thrown)

const isOutage = (thrown: unknown): boolean =>
  thrown instanceof StoreError && (thrown.code === 'unreachable' || isLockTimeout(thrown.cause))
