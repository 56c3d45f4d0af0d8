import type { AccessKey, Channel, RawCall } from '../../authority/marketplace.ts'
import type { Seconds } from '../../domain/time.ts'
import {
  type Authenticated,
  isWithin,
  malformed,
  markOf,
  type Rejected,
  unauthenticated,
} from './authentic.ts'
import { type Body, readBody } from './body.ts'
import { readQuery } from './query.ts'
import { type Freshness, type HuaweiCrypto, keyOfCallback, readSignature } from './signature.ts'

const TIMESTAMP = /^\d{13}$/
const NONCE = /^[0-9A-Za-z_-]{8,64}$/
export const JSON_TYPE = /^\s*application\/json\s*(?:;.*)?$/i

/**
 * License 2.0: a JSON body, signed by `signature`, `timestamp` (Unix milliseconds) and `nonce` in the query
 * (reference 3.3). Checked in the order of contract 3.1. The fixed form of both keeps the digits of one from
 * being read as digits of the other.
 */
export function authenticatePost(
  crypto: HuaweiCrypto,
  call: RawCall,
  channel: Channel,
  nowMs: number,
): Rejected | Authenticated {
  const { values, fault, recut } = readQuery(call.query)
  const given = values.get('signature') ?? ''
  if (given === '') return unauthenticated('signature: missing')
  if (fault !== null) return malformed(fault)
  if (recut !== null) return malformed(`${recut}: holds a parameter`)
  const timestamp = values.get('timestamp') ?? ''
  const nonce = values.get('nonce') ?? ''
  const window = channel.windows.timestamp
  const stale = freshnessFault({ timestamp, nonce }, window, nowMs)
  if (stale !== null) return malformed(stale)
  if (call.contentType !== null && !JSON_TYPE.test(call.contentType)) return malformed('content type')
  if (call.body === null) return malformed('body: too large or too slow')
  const body = readBody(call.body)
  const signature = readSignature(given)
  const key = signature && keyOfBody(crypto, channel.keys, { nonce, timestamp }, body, signature)
  if (signature === null || key === null) return unauthenticated('signature: wrong')
  return {
    type: 'authenticated',
    key,
    mark: markOf(crypto, call, { signature, nonce }, window, nowMs),
    content: body.content,
  }
}

/** What is wrong with them, or null. */
export function freshnessFault(
  { timestamp, nonce }: Freshness,
  window: Seconds,
  nowMs: number,
): string | null {
  if (!TIMESTAMP.test(timestamp)) return 'timestamp: missing or not 13 digits'
  if (!NONCE.test(nonce)) return 'nonce: missing or of wrong form'
  return isWithin(window, Number(timestamp), nowMs) ? null : 'timestamp: outside the window'
}

/** The documents disagree on what is signed: the bytes as sent, or the members sorted (reference 3.3). */
function keyOfBody(
  crypto: HuaweiCrypto,
  keys: readonly AccessKey[],
  freshness: Freshness,
  body: Body,
  signature: Uint8Array,
): AccessKey | null {
  const key = keyOfCallback(crypto, keys, freshness, body.raw, signature)
  if (key !== null) return key
  const sorted = body.sorted()
  return sorted && keyOfCallback(crypto, keys, freshness, sorted, signature)
}
