import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import type { Committed } from '../../authority/ports.ts'
import type { Engine, SqlValue, Step } from '../engine.ts'
import { StoreError } from '../errors.ts'
import { sharedCommits } from './commits.ts'
import type { Target } from './connect.ts'
import { postgresError } from './errors.ts'
import { check, FlightError } from './flight.ts'
import { type GroupedInsert, groupedInsert, typesOf } from './grouped.ts'
import { inLockingOrder } from './order.ts'
import { sharedReads } from './reads.ts'
import { rewriteSealed } from './rewrite.ts'
import { connected, transactions } from './transactions.ts'
import { postgresView } from './view.ts'

export interface PostgresEngine extends Engine {
  /**
   * Shows the server all prepared statements, and those that insert for many; throws `StoreError` when it does not
   * understand one. Until then each row is inserted by itself.
   */
  checkStatements(): Promise<void>
}

/** The protocol counts the values of a statement in 16 bits. */
const MOST_VALUES = 65_535

/** Reads share connections of the pool, writes share transactions. `chance` is a number from 0 to 1. */
export function postgresEngine(pool: Pool, target: Target, chance: () => number): PostgresEngine {
  const { where } = target
  const names = new Map<string, string>()
  const grouped = new Map<string, GroupedInsert>()
  const nameOf = (sql: string): string => names.get(sql)!
  const transact = transactions(pool, where, { nameOf, groupedOf: (sql) => grouped.get(sql) })
  const commits = sharedCommits(transact, where, chance, inLockingOrder)
  const reads = sharedReads(pool, where)
  let open = true

  function assertOpen(): void {
    if (!open) throw new StoreError('closed', `The database ${where} has been closed.`)
  }

  async function read(sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]> {
    assertOpen()
    try {
      return await reads.submit({ name: `${nameOf(sql)}_read`, sql, values })
    } catch (thrown) {
      throw postgresError(thrown, where)
    }
  }

  async function atomic(steps: readonly Step[]): Promise<Committed> {
    assertOpen()
    // A copy: who commits the same steps twice at once is two, not one.
    return steps.length === 0 ? 'committed' : commits.submit([...steps])
  }

  return {
    prepare(sql) {
      names.set(sql, `licet_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`)
    },
    async checkStatements() {
      const client = await connected(pool, where)
      try {
        const typeOf = await typesOf(client)
        for (const [sql, name] of names) {
          const many = groupedInsert(sql, typeOf)
          if (many !== null) grouped.set(sql, { name: `${name}_many`, sql: many })
        }
        const single = [...names].map(([sql, name]) => ({ name, sql }))
        await check(
          client,
          [...single, ...grouped.values()].map((one) => ({ ...one, values: [] })),
        )
      } catch (thrown) {
        throw postgresError(thrown instanceof FlightError ? thrown.cause : thrown, where)
      } finally {
        client.release()
      }
    },
    first: async (sql, values) => (await read(sql, values))[0],
    all: read,
    atomic,
    async erase(steps) {
      const committed = await atomic(steps)
      // Where it cannot be done now, what is committed is committed, and the server clears it away in its own time.
      if (committed === 'committed') await rewriteSealed(target, steps).catch(() => {})
      return committed
    },
    mostValues: MOST_VALUES,
    async snapshot() {
      assertOpen()
      return postgresView(target)
    },
    async compact() {
      assertOpen()
      await rewriteSealed(target)
    },
    async close() {
      if (!open) return
      open = false
      await Promise.all([commits.finished(), reads.finished()])
      await pool.end()
    },
  }
}
