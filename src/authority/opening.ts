import type { Meet } from '../domain/commands.ts'
import type { LicenseId } from '../domain/ids.ts'
import { step } from '../domain/step.ts'
import { askFor } from './ask-for-order.ts'
import type { Authority } from './authority.ts'
import type { Recalled } from './call-memory.ts'
import type { Snapshot } from './configuration.ts'
import { sealCustomer } from './customer.ts'
import type { Channel, Opening } from './marketplace.ts'
import { newLicenseId } from './new-ids.ts'
import { effectsOf } from './order-effects.ts'
import type { LedgerOrder } from './orders.ts'
import type { Worked } from './receive.ts'
import { resolve } from './resolve.ts'
import { batchOf } from './settle-orders.ts'

/** Every opening of an order line is the same one: nothing in it may differ. */
const FIELDS = 'opening'

/**
 * A purchase whose terms have to be learnt. It makes a pending license whose id is the instance, asks the marketplace
 * in the same batch, and is answered at once; the same order line gets that answer for ever. Where the call brings the
 * terms all the same, nobody is asked.
 */
export async function open(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  opening: Opening,
  known: Pick<Recalled, 'answer' | 'license'>,
): Promise<Worked> {
  if (opening.test) return { reply: { type: 'opened', instance: opening.businessId }, batch: {} }
  if (known.answer !== null) return { reply: { type: 'done' }, batch: {}, remembered: known.answer.body }
  if (known.license !== null) return openedBefore(authority, opening, known.license)
  return openAnew(authority, snapshot, channel, opening)
}

/** Sold here by another way (`license issue --order`): its instance is the first answer. */
async function openedBefore(authority: Authority, { order }: Opening, id: LicenseId): Promise<Worked> {
  const license = await authority.store.byId(id)
  const instance = license?.origin.instance ?? id
  return { reply: { type: 'opened', instance }, batch: {}, remember: { order, fields: FIELDS } }
}

async function openAnew(
  authority: Authority,
  snapshot: Snapshot,
  { name: channel }: Channel,
  { order, told }: Opening,
): Promise<Worked> {
  const now = authority.ambient.now()
  const id = newLicenseId(authority.ambient)
  const meet: Meet = { type: 'meet', id, origin: { channel, instance: id, order } }
  const met = step(null, meet, now)
  if (!met.ok) return { reply: { type: 'unavailable' }, batch: {} }
  const noted: LedgerOrder = {
    channel,
    order,
    cause: 'opening',
    license: id,
    state: 'asked',
    notedAt: now,
    learntAt: told && now,
    learnt: told,
  }
  const { commands, outcomes } = effectsOf(snapshot, channel, met.value.license, [noted])
  const by = { who: `callback:${channel}`, reason: null }
  const customer = sealCustomer(authority.sealing, id, told?.customer ?? null)
  const resolved = await resolve(authority, snapshot, null, [meet, ...commands], by, now, customer)
  const change = resolved.ok ? resolved.value.change : null
  if (change === null) {
    authority.log.error('opening_failed', { channel, why: resolved.ok ? 'nothing' : resolved.no.reason })
    return { reply: { type: 'unavailable' }, batch: {} }
  }
  return {
    reply: { type: 'opened', instance: id },
    batch: {
      ...(told ? batchOf(authority, outcomes) : askFor(authority, noted)),
      change,
    },
    remember: { order, fields: FIELDS },
  }
}
