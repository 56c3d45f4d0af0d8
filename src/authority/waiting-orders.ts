import type { LicenseId } from '../domain/ids.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import { wantedOf } from './offers.ts'
import type { LedgerOrder } from './orders.ts'
import { settleOrders } from './settle-orders.ts'
import { instanceSubject } from './turns.ts'

/** Orders read in one go, so that callbacks get their turn between two. */
const BATCH = 200

/**
 * Applies the orders that waited for the catalog or for another order, where they can be by now; returns how many
 * licenses changed. What still waits stays as it is, and nobody is told again.
 */
export async function settleWaiting(authority: Authority): Promise<number> {
  let settled = 0
  let after: LedgerOrder | null = null
  for (;;) {
    const page: readonly LedgerOrder[] = await authority.store.waitingOrders(after, BATCH)
    const snapshot = await authority.configuration.current(authority.ambient.now())
    // One that no offer sells costs no further reading, round after round.
    const sellable = page.filter(({ channel, learnt }) => learnt && wantedOf(snapshot, channel, learnt).ok)
    const licenses = new Set(sellable.flatMap(({ license }) => (license === null ? [] : [license])))
    for (const license of licenses) if (await settleOne(authority, license)) settled++
    const last = page.at(-1)
    if (last === undefined || page.length < BATCH) return settled
    after = last
  }
}

async function settleOne(authority: Authority, id: LicenseId): Promise<boolean> {
  const license = await authority.store.byId(id)
  const { channel = null, instance = null } = license?.origin ?? {}
  if (channel === null || instance === null) return false
  return authority.turns.take(instanceSubject(channel, instance), () => applyWaiting(authority, channel, id))
}

async function applyWaiting(authority: Authority, channel: string, id: LicenseId): Promise<boolean> {
  const { store, configuration, ambient } = authority
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const snapshot = await configuration.current(ambient.now())
    const license = await store.byId(id)
    if (license === null) return false
    const settled = await settleOrders(authority, snapshot, channel, license, await store.ordersOf(id), null)
    const batch = settled.ok ? settled.value.batch : null
    if (batch === null) return false
    if ((await store.commit(batch)) === 'committed') return true
  }
  return false
}
