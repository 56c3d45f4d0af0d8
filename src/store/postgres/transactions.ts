import type { Pool, PoolClient } from 'pg'
import { isRefusal, isSpent, postgresError, unknownOutcome } from './errors.ts'
import { FlightError, fly, type Statement } from './flight.ts'
import { type Item, isAboutAbsence } from './items.ts'
import { isAsPlanned, type Names, type Planned, plannedSingly, plannedTogether } from './plan.ts'

/** `refused`: nothing is left of any item. */
export type Outcome =
  | { readonly type: 'committed' }
  | {
      readonly type: 'refused'
      /**
       * Some of them are the reason; the others may be committed without those. Empty: one of those that were inserted
       * together, and nobody knows which.
       */
      readonly because: ReadonlySet<Item>
      readonly thrown: unknown
    }

/** A step met other rows than it expects. */
export const UNEXPECTED_ROWS = Symbol('unexpected rows')

/**
 * Runs items in one transaction. One that is about an absent row has to come alone. `together`: what items insert alike is
 * inserted by one statement; else each step is a statement of its own. Throws `StoreError` when the database is out, or
 * when nobody knows the outcome.
 */
export type Transact = (items: readonly Item[], together: boolean) => Promise<Outcome>

/** How long a shared transaction waits for a row, milliseconds: everybody in it waits along. */
const SHARED_LOCK_MS = 200

const BEGIN = plain('begin', 'begin')
const BEGIN_SERIALIZABLE = plain('begin_serializable', 'begin isolation level serializable')
const COMMIT = plain('commit', 'commit')
const ROLLBACK = plain('rollback', 'rollback')
const SHARED_LOCK = plain('shared_lock', `set local lock_timeout = ${SHARED_LOCK_MS}`)

function plain(name: string, sql: string): Statement {
  return { name: `licet_${name}`, sql, values: [] }
}

export function transactions(pool: Pool, where: string, names: Names): Transact {
  return async (items, together) => {
    const plan = together ? plannedTogether(items, names) : plannedSingly(items, names)
    const client = await connected(pool, where)
    let spent = false
    try {
      return await run(client, items, plan)
    } catch (thrown) {
      spent = true
      throw lost(thrown, where)
    } finally {
      client.release(spent)
    }
  }
}

export async function connected(pool: Pool, where: string): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (thrown) {
    throw postgresError(thrown, where)
  }
}

/** A connection that broke under a transaction; `committing` when its COMMIT was on the way. */
class Lost extends Error {
  readonly committing: boolean

  constructor(cause: unknown, committing: boolean) {
    super('lost', { cause })
    this.committing = committing
  }
}

const lost = (thrown: unknown, where: string): Error => {
  if (!(thrown instanceof Lost)) return postgresError(thrown, where)
  return thrown.committing ? unknownOutcome(thrown.cause, where) : postgresError(thrown.cause, where)
}

/**
 * One round trip where no step has an expectation, as in a purchase; else the rows are looked at before COMMIT is
 * sent. No connection is given back in the middle of a transaction: it is rolled back or closed.
 */
async function run(client: PoolClient, items: readonly Item[], plan: readonly Planned[]): Promise<Outcome> {
  const flight = flightOf(items, plan)
  try {
    const rows = await send(client, flight.statements, flight.isBlind)
    const because = flight.unexpected(rows)
    if (because.size > 0) return await takeBack(client, because, UNEXPECTED_ROWS)
    if (!flight.isBlind) await send(client, [COMMIT], true)
    return COMMITTED
  } catch (thrown) {
    if (!(thrown instanceof FlightError)) throw thrown
    // What was met before counts first: a missing row is why the next statement failed.
    const because = flight.unexpected(thrown.rows)
    return because.size > 0
      ? takeBack(client, because, UNEXPECTED_ROWS)
      : takeBack(client, flight.culprits(thrown.rows.length), thrown.cause)
  }
}

const COMMITTED: Outcome = { type: 'committed' }

/** `committing`: a COMMIT is among the statements. Throws `FlightError` where the server says that nothing is left. */
async function send(client: PoolClient, statements: readonly Statement[], committing: boolean) {
  try {
    return await fly(client, statements)
  } catch (thrown) {
    const { cause } = thrown as FlightError
    if (isSpent(cause)) throw new Lost(cause, committing && !isRefusal(cause))
    throw thrown
  }
}

async function takeBack(client: PoolClient, because: ReadonlySet<Item>, thrown: unknown): Promise<Outcome> {
  await send(client, [ROLLBACK], false)
  return { type: 'refused', because, thrown }
}

function flightOf(items: readonly Item[], plan: readonly Planned[]) {
  const opening = openingOf(items)
  const isBlind = plan.every(({ step }) => step?.expect === undefined)
  return {
    statements: [...opening, ...plan.map(({ statement }) => statement), ...(isBlind ? [COMMIT] : [])],
    /** COMMIT flies along. */
    isBlind,
    /** The items that met other rows than they expect, as far as statements were run. */
    unexpected: (rows: readonly number[]): ReadonlySet<Item> =>
      new Set(
        rows
          .slice(opening.length, opening.length + plan.length)
          .flatMap((count, n) => (isAsPlanned(plan[n]!, count) ? [] : plan[n]!.items)),
      ),
    /** The item that a failed statement belongs to; none when it may be any of many, all when it was none of theirs. */
    culprits(at: number): ReadonlySet<Item> {
      const planned = plan[at - opening.length]
      if (planned === undefined) return new Set(items)
      return new Set(planned.step === undefined ? [] : planned.items)
    },
  }
}

function openingOf(items: readonly Item[]): readonly Statement[] {
  if (items.length > 1) return [BEGIN, SHARED_LOCK]
  return items.some(isAboutAbsence) ? [BEGIN_SERIALIZABLE] : [BEGIN]
}
