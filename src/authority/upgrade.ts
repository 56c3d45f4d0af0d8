import type { License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'
import { askFor } from './ask-for-order.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import type { Bought, Channel, Upgrade } from './marketplace.ts'
import type { LedgerOrder } from './orders.ts'
import type { Worked } from './receive.ts'
import { settleOrders } from './settle-orders.ts'

/**
 * Another edition or other seats of the same license, which gets a new code. Where the call does not say which, it is
 * answered at once and the marketplace is asked. An order that was applied never applies again.
 */
export async function upgrade(
  authority: Authority,
  snapshot: Snapshot,
  { name: channel }: Channel,
  { test, instance, order, bought }: Upgrade,
): Promise<Worked> {
  const done: Worked = { reply: { type: 'done' }, batch: {} }
  if (test) return done
  const license = await authority.store.byInstance(channel, instance)
  if (license === null) return { reply: { type: 'unknown_instance' }, batch: {} }
  if (license.status === 'released')
    return { reply: { type: 'refused', refusal: { reason: 'license_released' } }, batch: {} }
  const noted = await authority.store.order(channel, order)
  const known = { channel, order, cause: 'upgrade', license: license.id } as const
  if (bought !== null) return changeNow(authority, snapshot, license, known, noted, bought)
  return noted?.cause === 'upgrade' ? done : { ...done, batch: askFor(authority, known) }
}

/**
 * The call says it all. What the catalog is not ready for waits, and the marketplace tries again meanwhile: the order is
 * as old as its first call, so that it never undoes a newer one.
 */
async function changeNow(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  known: Pick<LedgerOrder, 'channel' | 'order' | 'cause' | 'license'>,
  noted: LedgerOrder | null,
  bought: Bought,
): Promise<Worked> {
  const now = authority.ambient.now()
  const others = (await authority.store.ordersOf(license.id)).filter(({ order: { id, line } }) => {
    return id !== known.order.id || line !== known.order.line
  })
  const orderedAt = newerThan(others, now)
  const terms = { kind: 'CHANGE', orderedAt, charging: null, paidUntil: null } as const
  const order: LedgerOrder = {
    ...known,
    state: noted?.state ?? 'learnt',
    notedAt: noted?.notedAt ?? now,
    learntAt: noted?.learntAt ?? now,
    learnt: noted?.learnt ?? { ...terms, ...bought },
  }
  const settled = await settleOrders(authority, snapshot, order.channel, license, [...others, order], null)
  if (!settled.ok) return { reply: { type: 'unavailable' }, batch: {} }
  const { batch, outcomes } = settled.value
  const fails = outcomes.some(
    ({ order: one, why, state }) => one === order && (why !== null || state === 'refused'),
  )
  return { reply: { type: fails ? 'unavailable' : 'done' }, batch: batch ?? {} }
}

/** Two of the same second, or from clocks that differ, are as old as they came: the second must not be passed over. */
const newerThan = (others: readonly LedgerOrder[], now: Seconds): Seconds =>
  Math.max(now, ...others.flatMap(({ learnt }) => (learnt === null ? [] : [learnt.orderedAt + 1])))
