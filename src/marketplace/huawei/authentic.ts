import type { AccessKey, MarkIdentity, Opened, RawCall } from '../../authority/marketplace.ts'
import type { Result } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { concat, toHex, utf8 } from '../../format/bytes.ts'
import type { HuaweiCrypto } from './signature.ts'
import type { FieldSource } from './wire.ts'

export type Rejected = Opened & { type: 'rejected' }

/** A call by the holder of `key`, its fields not yet looked at; `content` is no when they cannot even be read. */
export interface Authenticated {
  readonly type: 'authenticated'
  readonly key: AccessKey
  readonly mark: MarkIdentity
  readonly content: Result<FieldSource, string>
}

export const unauthenticated = (why: string): Rejected => ({
  type: 'rejected',
  reply: { type: 'unauthenticated' },
  why,
})

export const malformed = (why: string): Rejected => ({ type: 'rejected', reply: { type: 'malformed' }, why })

/** True when the caller's clock is not more than `window` seconds away from ours, in either direction. */
export const isWithin = (window: Seconds, theirsMs: number, nowMs: number): boolean =>
  Math.abs(nowMs - theirsMs) <= window * 1000

/** A mark outlives every moment at which the same call could pass the clock check: twice the window and 60 s. */
const MARK_MARGIN: Seconds = 60

export function markOf(
  crypto: HuaweiCrypto,
  call: RawCall,
  signed: { readonly signature: Uint8Array; readonly nonce: string | null },
  window: Seconds,
  nowMs: number,
): MarkIdentity {
  return {
    signature: toHex(signed.signature),
    nonce: signed.nonce,
    request: requestDigest(crypto, call),
    expires: Math.floor(nowMs / 1000) + 2 * window + MARK_MARGIN,
  }
}

/** SHA-256 over method, address, raw query and body as hex; the length keeps query and body apart. */
function requestDigest(crypto: HuaweiCrypto, { method, query, body, below }: RawCall): string {
  const head = utf8(`${method} ${below === undefined ? '' : `${below.address} `}${query.length} ${query}`)
  return toHex(crypto.sha256(body === null || body.length === 0 ? head : concat(head, body)))
}
