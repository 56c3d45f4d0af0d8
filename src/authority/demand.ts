import type { License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'
import type { Authority } from './authority.ts'
import { citedOrder } from './cited-order.ts'
import type { Snapshot } from './configuration.ts'
import { exhaustedAlert } from './exhausted.ts'
import type { Channel, Demand, Reply } from './marketplace.ts'
import { newLicenseId } from './new-ids.ts'
import { parkedDemand, parkingKey } from './parking.ts'
import type { Worked } from './receive.ts'
import { firstCheck } from './reconcile.ts'
import { resolve, type Unresolved } from './resolve.ts'

/**
 * Renew, shorten, freeze, reinstate or release an instance that the marketplace believes we know. A test call
 * looks at no state and changes none. An instance nobody sold here waits, or becomes a pending license where
 * the marketplace itself makes the codes.
 */
export async function demand(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  wanted: Demand,
): Promise<Worked> {
  if (wanted.test) return { reply: { type: 'done' }, batch: {} }
  const before = await authority.store.byInstance(channel.name, wanted.instance)
  if (before === null && wanted.unknown === 'park') {
    const park = parkedDemand(authority.crypto, channel.name, wanted, authority.ambient.now())
    return {
      reply: { type: 'unknown_instance' },
      batch: { park, ...citedOrder(authority, channel.name, wanted, null, 'parked') },
    }
  }
  return apply(authority, snapshot, channel, wanted, before)
}

async function apply(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  wanted: Demand,
  before: License | null,
): Promise<Worked> {
  const now = authority.ambient.now()
  const origin = { channel: channel.name, instance: wanted.instance, order: null }
  const meet = { type: 'meet', id: newLicenseId(authority.ambient), origin } as const
  const resolved = await resolve(
    authority,
    snapshot,
    before,
    before === null ? [meet, wanted.command] : [wanted.command],
    { who: `callback:${channel.name}`, reason: null },
    now,
  )
  if (!resolved.ok) {
    const { reply, batch } = refused(resolved.no, before, now)
    return { reply, batch: { ...citedOrder(authority, channel.name, wanted, before, 'refused'), ...batch } }
  }
  const { change, license } = resolved.value
  const settled =
    wanted.unknown === 'park'
      ? { unpark: [parkingKey(authority.crypto, channel.name, wanted)] }
      : { codes: before === null ? [{ license: license.id, due: firstCheck(now) }] : [] }
  // A repeat finds its order noted.
  if (change === null) return { reply: { type: 'done' }, batch: settled }
  const noted = citedOrder(authority, channel.name, wanted, license, 'applied')
  return { reply: { type: 'done' }, batch: { ...settled, ...noted, change } }
}

function refused(evidence: Unresolved, before: License | null, at: Seconds): Worked {
  if (evidence.reason === 'no_key') return { reply: { type: 'unavailable' }, batch: {} }
  const reply: Reply = { type: 'refused', refusal: evidence }
  if (evidence.reason !== 'revisions_exhausted' || before === null) return { reply, batch: {} }
  return { reply, batch: { alerts: [exhaustedAlert(before, evidence.revision, at)] } }
}
