import type { AccessKey, Below, Channel, RawCall } from '../../authority/marketplace.ts'
import { type Authenticated, malformed, markOf, type Rejected, unauthenticated } from './authentic.ts'
import { freshnessFault, JSON_TYPE } from './authenticate-post.ts'
import { type Body, readBody } from './body.ts'
import { type Freshness, type HuaweiCrypto, keyOfKit, readSignature } from './signature.ts'

/**
 * Version 2 of the kit: `x-sign`, `x-timestamp` (Unix milliseconds) and `x-nonce` are headers (reference 9.1). The query
 * has no say.
 */
export function authenticateKit2(
  crypto: HuaweiCrypto,
  call: RawCall,
  headers: Below['headers'],
  channel: Channel,
  nowMs: number,
): Rejected | Authenticated {
  const given = headers['x-sign'] ?? ''
  if (given === '') return unauthenticated('x-sign: missing')
  const fresh = { timestamp: headers['x-timestamp'] ?? '', nonce: headers['x-nonce'] ?? '' }
  const window = channel.windows.timestamp
  const stale = freshnessFault(fresh, window, nowMs)
  if (stale !== null) return malformed(`x-${stale}`)
  const sent = kitBody(call)
  if (typeof sent === 'string') return malformed(sent)
  const body = readBody(sent)
  const signature = readSignature(given)
  const key = signature && keyOfBody(crypto, channel.keys, fresh, body, signature)
  if (signature === null || key === null) return unauthenticated('x-sign: wrong')
  const { nonce } = fresh
  return {
    type: 'authenticated',
    key,
    mark: markOf(crypto, call, { signature, nonce }, window, nowMs),
    content: body.content,
  }
}

/** The bytes of the body, or why it cannot be one. */
export function kitBody({ method, contentType, body }: RawCall): Uint8Array | string {
  if (method !== 'POST') return 'method: not POST'
  if (contentType !== null && !JSON_TYPE.test(contentType)) return 'content type'
  return body ?? 'body: too large or too slow'
}

/** The members sorted, as the documents say, or the bytes as sent, where they differ. */
function keyOfBody(
  crypto: HuaweiCrypto,
  keys: readonly AccessKey[],
  fresh: Freshness,
  body: Body,
  signature: Uint8Array,
): AccessKey | null {
  const key = keyOfKit(crypto, keys, fresh, body.raw, signature)
  if (key !== null) return key
  const sorted = body.sorted()
  return sorted && keyOfKit(crypto, keys, fresh, sorted, signature)
}
