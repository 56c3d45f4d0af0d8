import type { LicenseId } from '../domain/ids.ts'
import { askFor } from './ask-for-order.ts'
import type { Authority } from './authority.ts'
import type { Demand } from './marketplace.ts'
import type { OrderState } from './orders.ts'
import type { Batch } from './ports.ts'

/**
 * The order of a demand for the ledger, with the batch that the demand leads to. Where the call does not say all that
 * the order sells, the marketplace is asked.
 */
export function citedOrder(
  authority: Authority,
  channel: string,
  { order: cited }: Pick<Demand, 'order'>,
  license: { readonly id: LicenseId } | null,
  state: OrderState,
): Pick<Batch, 'notes' | 'outgoing'> {
  if (cited === null) return {}
  const { ref: order, cause, learn } = cited
  const named = { channel, order, cause, license: license?.id ?? null }
  if (learn && state === 'applied') return askFor(authority, named)
  return { notes: [{ ...named, state, at: authority.ambient.now(), learnt: null }] }
}
