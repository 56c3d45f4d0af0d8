import { base64urlLength, decodeBase64url, encodeBase64url, writeBase64url } from './base64url.ts'
import { readUtf8, type Sha256, toHex, utf8 } from './bytes.ts'

/** The `typ` of a signed object (contract 1): inside the signed bytes, so none passes for another. */
export type ObjectType =
  | 'lc1'
  | 'lk1'
  | 'licet-root+json'
  | 'license-statement+jwt'
  | 'license-revocations+jwt'
  | 'licet-certification-request+json'

/** Length of an Ed25519 public key, in bytes. */
export const PUBLIC_KEY_BYTES = 32
/** Length of an Ed25519 signature, in bytes. */
export const SIGNATURE_BYTES = 64

const KID = /^[0-9a-f]{8}$/
const DOT = 0x2e

/** SHA-256 thumbprint of an Ed25519 public key, RFC 7638 3 with the members of RFC 8037 2. */
export function thumbprint(publicKey: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(utf8(`{"crv":"Ed25519","kty":"OKP","x":"${encodeBase64url(publicKey)}"}`))
}

/** The first 4 bytes of the thumbprint as 8 lower-case hex digits. Names a key; two keys may share one. */
export function keyId(publicKey: Uint8Array, sha256: Sha256): string {
  return toHex(thumbprint(publicKey, sha256).subarray(0, 4))
}

export function isKeyId(text: unknown): text is string {
  return typeof text === 'string' && KID.test(text)
}

/** The only header text an object of this kind may have, byte for byte (contract 1). */
export function headerText(kid: string, typ: ObjectType): string {
  return `{"alg":"EdDSA","kid":"${kid}","typ":"${typ}"}`
}

/**
 * The bytes an Ed25519 signature covers: ASCII(base64url(header) "." base64url(body)), RFC 7515 5.1.
 * RangeError when `kid` is not of 8 characters.
 */
export function signingInput(kid: string, typ: ObjectType, body: Uint8Array): Uint8Array {
  const header = headerBytes(kid, typ)
  const signed = new Uint8Array(base64urlLength(header.length) + 1 + base64urlLength(body.length))
  const at = writeBase64url(header, signed, 0)
  signed[at] = DOT
  writeBase64url(body, signed, at + 1)
  return signed
}

const KID_AT = headerText('', 'lc1').indexOf('","typ"')
const KID_LENGTH = 8

/** The header of each kind; only the kid in it is written anew, since this is on the way of every verification. */
const headers = new Map<ObjectType, Uint8Array>()

function headerBytes(kid: string, typ: ObjectType): Uint8Array {
  if (kid.length !== KID_LENGTH) throw new RangeError(`a key id has ${KID_LENGTH} characters`)
  const header = headers.get(typ) ?? utf8(headerText(kid, typ))
  headers.set(typ, header)
  for (let i = 0; i < KID_LENGTH; i++) header[KID_AT + i] = kid.charCodeAt(i)
  return header
}

/** JWS compact serialization, RFC 7515 7.1. */
export function writeCompact(kid: string, typ: ObjectType, body: Uint8Array, signature: Uint8Array): string {
  return `${readUtf8(signingInput(kid, typ, body))}.${encodeBase64url(signature)}`
}

export interface Compact {
  readonly kid: string
  readonly body: Uint8Array
  readonly signature: Uint8Array
  /** The signing input, as it was received. */
  readonly signed: Uint8Array
}

/**
 * Reads a JWS in compact serialization and believes nothing of it. null when it is longer than `maxLength`
 * characters, not three canonical base64url parts, the signature is not 64 bytes, or the header is not
 * `headerText` of some kid and exactly this `typ`.
 */
export function readCompact(text: string, typ: ObjectType, maxLength: number): Compact | null {
  if (text.length > maxLength) return null
  const first = text.indexOf('.')
  const second = text.indexOf('.', first + 1)
  if (first === -1 || second === -1) return null
  const kid = readHeader(text.slice(0, first), typ)
  const body = decodeBase64url(text.slice(first + 1, second))
  const signature = decodeBase64url(text.slice(second + 1))
  if (kid === null || body === null || signature?.length !== SIGNATURE_BYTES) return null
  return { kid, body, signature, signed: utf8(text.slice(0, second)) }
}

/** The kid of a protected header, or null unless the header is the canonical text for `typ`. */
export function readHeader(part: string, typ: ObjectType): string | null {
  const bytes = decodeBase64url(part)
  const text = bytes === null ? null : readUtf8(bytes)
  if (text === null) return null
  const kid = text.slice(KID_AT, KID_AT + KID_LENGTH)
  return isKeyId(kid) && text === headerText(kid, typ) ? kid : null
}
