import type { Below, Channel, Opened, RawCall } from '../../authority/marketplace.ts'
import { authenticateKit1 } from './authenticate-kit-1.ts'
import { authenticateKit2 } from './authenticate-kit-2.ts'
import { readZone, type Zone } from './date.ts'
import { KIT_BODIES } from './kit-bodies.ts'
import type { HuaweiCrypto } from './signature.ts'
import { fieldReader } from './wire.ts'

const VERSION_1 = '/produceAPI/'
const VERSION_2 = '/produceAPI/v2/'

/** Where the kit calls, below the production address (reference 9.2). */
export const KIT_ADDRESSES: ReadonlySet<string> = new Set(
  [VERSION_1, VERSION_2].flatMap((base) => [...KIT_BODIES.keys()].map((name) => base + name)),
)

/** The kit writes its times in the zone of China, whatever that of the channel (reference 3.13). */
const KIT_ZONE: Zone = readZone('+08:00')!

/**
 * A call of the kit (reference 9): a POST with a JSON body, its address says what it is, and headers sign it. Checked in
 * the order of contract 3.1.
 */
export function openKit(
  crypto: HuaweiCrypto,
  call: RawCall,
  { address, headers }: Below,
  channel: Channel,
  nowMs: number,
): Opened {
  const isVersion2 = address.startsWith(VERSION_2)
  const seen = isVersion2
    ? authenticateKit2(crypto, call, headers, channel, nowMs)
    : authenticateKit1(crypto, call, headers, channel, KIT_ZONE, nowMs)
  if (seen.type === 'rejected') return seen
  const { key, mark, content } = seen
  const activity = address.slice((isVersion2 ? VERSION_2 : VERSION_1).length)
  if (!content.ok) return { type: 'authentic', key, mark, activity, intent: null, why: content.no }
  const fields = fieldReader(content.value)
  const intent = KIT_BODIES.get(activity)!(fields, content.value, KIT_ZONE)
  const why = fields.fault()
  return { type: 'authentic', key, mark, activity, intent: why === null ? intent : null, why }
}
