import type { Pool } from 'pg'
import { isLockTimeout, isSpent } from './errors.ts'
import type { Statement } from './flight.ts'
import { type Gathering, gathering, type Waiting } from './gather.ts'
import { type Found, lookUpAll } from './look-ups.ts'
import { connected } from './transactions.ts'

/** The next flight is gathered while one is read. */
const LIMITS = { most: 64, lanes: 2 }

/** Longer than any look-up takes, milliseconds: what is still under way then is held up, and nobody waits behind it. */
const PATIENCE_MS = 250

type Asking = Waiting<Statement, readonly unknown[]>

/**
 * Look-ups of one turn of the event loop go to the server together, on one connection, and wait once. One that fails, or
 * that a locked table holds up, leaves the others as they are: they go again without it.
 */
export function sharedReads(pool: Pool, where: string): Gathering<Statement, readonly unknown[]> {
  return gathering(LIMITS, (asking) => lookUpTogether(pool, where, asking))
}

/** Settles when all have been told, or when nobody need wait for the rest. */
function lookUpTogether(pool: Pool, where: string, asking: readonly Asking[]): Promise<void> {
  if (asking.length === 0) return Promise.resolve()
  const { landed, handOver } = takeOff(pool, where, asking)
  const again = () => lookUpTogether(pool, where, handOver())
  return new Promise((resolve) => {
    const heldUp = setTimeout(() => {
      void again()
      resolve()
    }, PATIENCE_MS)
    void landed
      .then(() => {
        clearTimeout(heldUp)
        return again()
      })
      .then(resolve)
  })
}

function takeOff(pool: Pool, where: string, asking: readonly Asking[]) {
  const handedOver = new Set<Asking>()
  let told = 0
  let isMet = sharesTables

  /** All that are not told, whether the first of them stands in their way or is itself in trouble. */
  const open = () => asking.slice(told).filter((one) => !handedOver.has(one))

  async function fly(): Promise<void> {
    try {
      await lookUp(pool, where, asking, (found) => answer(asking[told++]!, found))
    } catch (thrown) {
      isMet = metBy(thrown)
      for (const one of open()) if (isMet(one, asking[told]!)) one.fail(thrown)
    }
  }

  return {
    /** Settles when the server has answered, or the connection has broken. */
    landed: fly(),
    /** Those that need not share the fate of the one that is under way or has failed; each of them once. */
    handOver(): readonly Asking[] {
      const others = open().filter((one) => !isMet(one, asking[told]!))
      for (const one of others) handedOver.add(one)
      return others
    },
  }
}

async function lookUp(
  pool: Pool,
  where: string,
  asking: readonly Asking[],
  found: (found: Found) => void,
): Promise<void> {
  const client = await connected(pool, where)
  let spent = false
  try {
    const lookUps = asking.map(({ input }) => input)
    await lookUpAll(client, lookUps, found)
  } catch (thrown) {
    spent = isSpent(thrown)
    throw thrown
  } finally {
    client.release(spent)
  }
}

function answer({ succeed, fail }: Asking, found: Found): void {
  if ('rows' in found) succeed(found.rows)
  else fail(found.unreadable)
}

/** A look-up waits for nothing less than a table, and so do all like it. */
const sharesTables = (one: Asking, first: Asking): boolean => one.input.sql === first.input.sql

/** Whom a failure concerns beside the first that was not told: all, when the connection is gone. */
function metBy(thrown: unknown): (one: Asking, first: Asking) => boolean {
  if (isSpent(thrown)) return () => true
  return isLockTimeout(thrown) ? sharesTables : (one, first) => one === first
}
