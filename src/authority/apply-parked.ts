import type { InstanceRef } from '../domain/ids.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import { citedOrder } from './cited-order.ts'
import type { Demand } from './marketplace.ts'
import type { ParkedCall } from './ports.ts'
import { resolve } from './resolve.ts'

/**
 * Applies what was parked for an instance, oldest first, once its license is here. A call the license
 * refuses is settled too: the refusal is its end, and it is logged.
 */
export async function applyParked(authority: Authority, { channel, instance }: InstanceRef): Promise<void> {
  for (const parked of await authority.store.parkedFor(channel, instance)) {
    await applyOne(authority, parked)
  }
}

async function applyOne(authority: Authority, parked: ParkedCall): Promise<void> {
  const demand = JSON.parse(parked.intent) as Demand
  const { command, instance } = demand
  const by = { who: `callback:${parked.channel}`, reason: 'parked until the purchase arrived' }
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const now = authority.ambient.now()
    const snapshot = await authority.configuration.current(now)
    const license = await authority.store.byInstance(parked.channel, instance)
    if (license === null) return
    const resolved = await resolve(authority, snapshot, license, [command], by, now)
    if (!resolved.ok && resolved.no.reason === 'no_key') return
    if (!resolved.ok)
      authority.log.warn('parked_call_refused', { license: license.id, why: resolved.no.reason })
    const change = resolved.ok ? resolved.value.change : null
    const cited = { order: demand.order ?? null }
    const noted = citedOrder(authority, parked.channel, cited, license, resolved.ok ? 'applied' : 'refused')
    const batch = { unpark: [parked.key], ...noted, ...(change && { change }) }
    if ((await authority.store.commit(batch)) === 'committed') return
  }
}
