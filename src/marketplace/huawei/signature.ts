import type { Crypto } from '../../authority/host.ts'
import type { AccessKey } from '../../authority/marketplace.ts'
import { decodeBase64url, encodeBase64url } from '../../format/base64url.ts'
import { concat, fromHex, toHex, utf8 } from '../../format/bytes.ts'

export type HuaweiCrypto = Pick<Crypto, 'sha256' | 'hmacSha256' | 'equal'>

/** A signature is an HMAC-SHA256: 32 bytes. */
const HEX_SIGNATURE = /^[0-9A-Fa-f]{64}$/
const BASE64_SIGNATURE = /^[0-9A-Za-z+/]{43}=$/

/** The 32 bytes of a `signature` parameter, hex in either case (reference 3.3), or null. */
export const readSignature = (text: string): Uint8Array | null =>
  HEX_SIGNATURE.test(text) ? fromHex(text.toLowerCase()) : null

/**
 * The 32 bytes of an `authToken`, standard base64 with padding and in its one canonical spelling, or null.
 * A token that was sent without encoding its `+` arrives with spaces; no token has any of its own.
 */
export function readAuthToken(decoded: string): Uint8Array | null {
  const text = decoded.replaceAll(' ', '+')
  if (!BASE64_SIGNATURE.test(text)) return null
  return decodeBase64url(text.slice(0, -1).replaceAll('+', '-').replaceAll('/', '_'))
}

/** What is signed beside the payload: both exactly as the query has them. */
export interface Freshness {
  readonly nonce: string
  readonly timestamp: string
}

/** The key whose callback signature over `payload` this is (reference 3.3), or null. */
export function keyOfCallback(
  crypto: HuaweiCrypto,
  keys: readonly AccessKey[],
  { nonce, timestamp }: Freshness,
  payload: Uint8Array,
  signature: Uint8Array,
): AccessKey | null {
  return keyOf(crypto, keys, signature, ({ secret }) => {
    const bodyHash = toHex(crypto.hmacSha256(secret, payload))
    return crypto.hmacSha256(secret, concat(secret, utf8(nonce + timestamp + bodyHash)))
  })
}

/** The key whose `x-sign` over `payload` this is (reference 9.1), or null: as a callback's, without the inner HMAC. */
export function keyOfKit(
  crypto: HuaweiCrypto,
  keys: readonly AccessKey[],
  { nonce, timestamp }: Freshness,
  payload: Uint8Array,
  signature: Uint8Array,
): AccessKey | null {
  const fresh = utf8(nonce + timestamp)
  return keyOf(crypto, keys, signature, ({ secret }) =>
    crypto.hmacSha256(secret, concat(secret, concat(fresh, payload))),
  )
}

/** The key whose authToken over the decoded parameters this is (reference 3.4), or null. */
export function keyOfAuthToken(
  crypto: HuaweiCrypto,
  keys: readonly AccessKey[],
  parameters: ReadonlyMap<string, string>,
  timeStamp: string,
  token: Uint8Array,
): AccessKey | null {
  const signed = utf8(authTokenText(parameters))
  const suffix = utf8(timeStamp)
  return keyOf(crypto, keys, token, ({ secret }) => crypto.hmacSha256(concat(secret, suffix), signed))
}

/** Every parameter but `authToken`, decoded, sorted by UTF-16 code unit, as `name=value` joined by `&`. */
export function authTokenText(parameters: ReadonlyMap<string, string>): string {
  return [...parameters.keys()]
    .filter((name) => name !== 'authToken')
    .sort()
    .map((name) => `${name}=${parameters.get(name)}`)
    .join('&')
}

/** The value of `Body-Sign`, with the space after `signature=` that the document's example has (reference 3.5). */
export function bodySign(crypto: HuaweiCrypto, key: AccessKey, body: Uint8Array): string {
  const spelled = encodeBase64url(crypto.hmacSha256(key.secret, body))
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  return `sign_type="HMAC-SHA256", signature= "${spelled}="`
}

/** Tries every key whatever the others gave, so that the time does not tell which one it was. */
function keyOf(
  crypto: HuaweiCrypto,
  keys: readonly AccessKey[],
  given: Uint8Array,
  expected: (key: AccessKey) => Uint8Array,
): AccessKey | null {
  let found: AccessKey | null = null
  for (const key of keys) if (crypto.equal(expected(key), given)) found = key
  return found
}
