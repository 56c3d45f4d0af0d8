import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import type { ChangeCheck, Channel } from './marketplace.ts'
import { wantedOf } from './offers.ts'
import type { Worked } from './receive.ts'

/**
 * Whether an instance could be changed to this: an offer sells it, of the product that the license is of. It changes
 * nothing, and promises nothing: the catalog may be another one when the order comes.
 */
export async function checkChange(
  { store }: Authority,
  snapshot: Snapshot,
  channel: Channel,
  check: ChangeCheck,
): Promise<Worked> {
  if (check.test) return { reply: { type: 'done' }, batch: {} }
  const license = await store.byInstance(channel.name, check.instance)
  if (license === null) return { reply: { type: 'unknown_instance' }, batch: {} }
  if (license.status === 'released')
    return { reply: { type: 'refused', refusal: { reason: 'license_released' } }, batch: {} }
  const wanted = wantedOf(snapshot, channel.name, check)
  // Of which product a pending license will be, nobody knows.
  const product = license.status === 'pending' ? null : license.terms.product
  const fits = wanted.ok && (product === null || wanted.value.product.id === product)
  return { reply: { type: fits ? 'done' : 'malformed' }, batch: {} }
}
