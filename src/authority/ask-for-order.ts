import type { Authority } from './authority.ts'
import type { LedgerOrder } from './orders.ts'
import type { CallEntry } from './outgoing/calls.ts'
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
  const occasion = occasionOf(cause, order)
  const call = { type: 'query_order', order: order.id, line: order.line === '' ? null : order.line } as const
  return {
    notes: [{ channel, order, cause, license, state: 'asked', at: authority.ambient.now(), learnt: null }],
    outgoing: [newOutgoing(authority, channel, occasion, call)],
  }
}

/** No id holds a tab, so no two occasions are spelled alike. */
const occasionOf = (cause: LedgerOrder['cause'], { id, line }: LedgerOrder['order']): string =>
  [cause, id, line].join('\t')

/** Whether a call asks what an order line is that waits to be learnt. */
export const asksFor = (
  call: Pick<CallEntry, 'channel' | 'type' | 'key'>,
  { channel, order, cause }: Pick<LedgerOrder, 'channel' | 'order' | 'cause'>,
): boolean => call.type === 'query_order' && call.channel === channel && call.key === occasionOf(cause, order)
