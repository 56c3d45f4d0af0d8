import type { QueuedCall } from '../../src/authority/outgoing/calls.ts'
import { OUTGOING_TYPES } from '../../src/authority/outgoing/turns.ts'
import type { Store } from '../../src/authority/ports.ts'

/** The calls that are due in all channels, the longest due first: of each channel and type at most `limit`. */
export async function dueCalls(store: Store, now: number, limit: number): Promise<readonly QueuedCall[]> {
  const { items } = await store.outgoingCalls('waiting', null, 1_000)
  const channels = new Set(items.map(({ channel }) => channel))
  const due: QueuedCall[] = []
  for (const channel of channels)
    for (const type of OUTGOING_TYPES) due.push(...(await store.dueCalls(channel, type, now, limit)))
  return due.sort((one, other) => one.due - other.due || (one.id < other.id ? -1 : 1))
}
