import { readUtf8, toHex, utf8 } from '../../format/bytes.ts'
import type { Authority } from '../authority.ts'
import type { Sealing } from '../host.ts'
import type { OutgoingOrder } from './calls.ts'
import type { OutgoingCall } from './port.ts'

/** What a call is sealed as: bound to its row. */
export const outgoingPurpose = (id: string): string => `outgoing-call:${id}`

/**
 * A call to be queued in the batch that needs it. `key` names the occasion, as an order and its line: the same
 * channel, type and key is queued once, whatever the rest of it says.
 */
export function newOutgoing(
  { ambient, sealing }: Pick<Authority, 'ambient' | 'sealing'>,
  channel: string,
  key: string,
  call: OutgoingCall,
): OutgoingOrder {
  const id = toHex(ambient.random(8))
  const sealed = sealing.seal(outgoingPurpose(id), utf8(JSON.stringify(call)))
  return { id, channel, type: call.type, key, sealed, at: ambient.now() }
}

/** null when its seal does not open. */
export function openOutgoing(
  sealing: Sealing,
  { id, sealed }: Pick<OutgoingOrder, 'id' | 'sealed'>,
): OutgoingCall | null {
  try {
    return JSON.parse(readUtf8(sealing.open(outgoingPurpose(id), sealed)) ?? '')
  } catch {
    return null
  }
}
