import type { Authority } from './authority.ts'
import type { LedgerOrder } from './orders.ts'
import { newOutgoing } from './outgoing/new-call.ts'
import type { Batch } from './ports.ts'

/**
 * Notes an order line and asks the marketplace what it is, once for each cause: what was learnt before its license was
 * known is learnt again with it.
 */
export function askFor(
  authority: Authority,
  { channel, order, cause, license }: Pick<LedgerOrder, 'channel' | 'order' | 'cause' | 'license'>,
): Pick<Batch, 'notes' | 'outgoing'> {
  // No id holds a tab, so no two occasions are spelled alike.
  const occasion = [cause, order.id, order.line].join('\t')
  const call = { type: 'query_order', order: order.id, line: order.line === '' ? null : order.line } as const
  return {
    notes: [{ channel, order, cause, license, state: 'asked', at: authority.ambient.now(), learnt: null }],
    outgoing: [newOutgoing(authority, channel, occasion, call)],
  }
}
