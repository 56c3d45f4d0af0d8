import type { License } from '../domain/license.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { exhaustedAlert } from './exhausted.ts'
import { effectsOf, type OrderOutcome } from './order-effects.ts'
import type { LedgerOrder, OrderNote } from './orders.ts'
import { orderParkingKey, parkedOrder, parkedOrderAlert } from './parking.ts'
import type { Actor, Alert, Batch, ParkedCall } from './ports.ts'
import { resolve } from './resolve.ts'

export interface Settlement {
  /** What is to be committed; null where everything is as it was. */
  readonly batch: Batch | null
  readonly outcomes: readonly OrderOutcome[]
}

/**
 * Applies to a license what is known of its orders, all in one change. `customer` is sealed; it is kept when the license
 * gets its terms. No key may sign the code that is due: nothing is changed.
 */
export async function settleOrders(
  authority: Authority,
  snapshot: Snapshot,
  channel: string,
  license: License,
  orders: readonly LedgerOrder[],
  customer: string | null,
): Promise<Result<Settlement, { readonly reason: 'no_key' }>> {
  const now = authority.ambient.now()
  const { commands, outcomes } = effectsOf(snapshot, channel, license, orders)
  const [first, ...rest] = commands
  if (first === undefined) return yes({ batch: batchOf(authority, outcomes), outcomes })
  const by = actorOf(channel, outcomes)
  const resolved = await resolve(authority, snapshot, license, [first, ...rest], by, now, customer)
  if (resolved.ok) {
    const { change } = resolved.value
    return yes({ batch: { ...batchOf(authority, outcomes), ...(change && { change }) }, outcomes })
  }
  if (resolved.no.reason === 'no_key') return no({ reason: 'no_key' })
  authority.log.warn('order_refused', { license: license.id, why: resolved.no.reason })
  const ended = outcomes.map(refused)
  const batch = batchOf(authority, ended)
  // Of what was refused before, support has heard.
  if (batch === null || resolved.no.reason !== 'revisions_exhausted') return yes({ batch, outcomes: ended })
  const alerts = [exhaustedAlert(license, resolved.no.revision, now)]
  return yes({ batch: { ...batch, alerts }, outcomes: ended })
}

const refused = (outcome: OrderOutcome): OrderOutcome => ({ ...outcome, state: 'refused', why: null })

function actorOf(channel: string, outcomes: readonly OrderOutcome[]): Actor {
  const applied = outcomes.filter(({ state }) => state === 'applied').map(({ order }) => order.order.id)
  return { who: `marketplace:${channel}`, reason: `order ${applied.join(', ')}` }
}

/** Where each order got to; null when none got anywhere. */
export function batchOf(authority: Authority, outcomes: readonly OrderOutcome[]): Batch | null {
  const moved = outcomes.filter(({ order, state }) => order.state !== state)
  if (moved.length === 0) return null
  const waits = moved.flatMap((outcome) => waitOf(authority, outcome))
  const [wait] = waits
  return {
    notes: moved.map(noteOf(authority.ambient.now())),
    alerts: waits.map(({ alert }) => alert),
    unpark: moved
      .filter(({ why }) => why === null)
      .map(({ order }) => orderParkingKey(authority.crypto, order)),
    ...(wait && { park: wait.park }),
  }
}

function waitOf(
  { crypto, ambient }: Authority,
  { order, why }: OrderOutcome,
): readonly { park: ParkedCall; alert: Alert }[] {
  if (why === null || order.learnt === null) return []
  const asked = { order: order.order, ...order.learnt }
  const park = parkedOrder(crypto, order.channel, asked, why, ambient.now())
  return [{ park, alert: parkedOrderAlert(park, asked) }]
}

const noteOf =
  (at: number) =>
  ({ order, state }: OrderOutcome): OrderNote => {
    const { channel, order: ref, cause, license, learnt } = order
    return { channel, order: ref, cause, license, state, at, learnt }
  }
