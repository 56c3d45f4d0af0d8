import { base64urlCodes, decodeBase64url, encodeBase64url } from './base64url.ts'
import { fromUtf8, type Sha256, toHex, utf8 } from './bytes.ts'
import { SIGNATURE_BYTES } from './layout.ts'
import { REMEMBERED_HEADS } from './limits.ts'
import { remember } from './remember.ts'
import { hashed, type Steps } from './steps.ts'

/** The `typ` of a signed object (contract 1): inside the signed bytes, so none passes for another. */
export type ObjectType =
  | 'lc1'
  | 'lk1'
  | 'licet-root+json'
  | 'license-statement+jwt'
  | 'license-revocations+jwt'
  | 'licet-certification-request+json'

/** A signature with what it says it covers, and by which key; nothing of it is believed. */
export type Signed = readonly [kid: string, message: Uint8Array, signature: Uint8Array]

const KID = /^[0-9a-f]{8}$/

/** SHA-256 thumbprint of an Ed25519 public key, RFC 7638 3 with the members of RFC 8037 2. */
export function thumbprint(publicKey: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(thumbprintBytes(encodeBase64url(publicKey)))
}

const thumbprintBytes = (x: string): Uint8Array => utf8(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`)

/** The first 4 bytes of the thumbprint as 8 lower-case hex digits. Names a key; two keys may share one. */
export function keyId(publicKey: Uint8Array, sha256: Sha256): string {
  return hashed(keyIdOf(encodeBase64url(publicKey)), sha256)
}

/** `keyId` of a public key in base64url. */
export function* keyIdOf(x: string): Steps<string> {
  return (
    keyIds.get(x) ??
    remember(keyIds, REMEMBERED_HEADS, x, toHex(((yield [thumbprintBytes(x)]) as Uint8Array).slice(0, 4)))
  )
}

/** New certificates are mostly for keys that had one before. */
const keyIds = new Map<string, string>()

export function isKeyId(text: unknown): text is string {
  return typeof text === 'string' && KID.test(text)
}

/** The only header text an object of this kind may have, byte for byte (contract 1). */
export const headerText = (kid: string, typ: ObjectType): string =>
  `{"alg":"EdDSA","kid":"${kid}","typ":"${typ}"}`

/** The bytes an Ed25519 signature covers: ASCII(base64url(header) "." base64url(body)), RFC 7515 5.1. */
export const signingInput = (kid: string, typ: ObjectType, body: Uint8Array): Uint8Array => {
  const name = kid + typ
  const head =
    heads.get(name) ??
    remember(heads, REMEMBERED_HEADS, name, utf8(`${encodeBase64url(utf8(headerText(kid, typ)))}.`))
  return base64urlCodes(body, head)
}

/** Headers as they are signed, by kid and typ, none of which ends in another: all codes of a key have the same. */
const heads = new Map<string, Uint8Array>()

/** JWS compact serialization, RFC 7515 7.1. */
export function writeCompact(kid: string, typ: ObjectType, body: Uint8Array, signature: Uint8Array): string {
  return `${fromUtf8(signingInput(kid, typ, body))}.${encodeBase64url(signature)}`
}

/** A signed body; nothing of it is believed. */
export interface Compact {
  readonly kid: string
  readonly body: Uint8Array
  readonly signature: Uint8Array
  /** The signing input, as it was received. */
  readonly signed: Uint8Array
}

/**
 * Reads a JWS in compact serialization. null when it is longer than `maxLength` characters, not three canonical
 * base64url parts, the signature is not 64 bytes, or the header is not `headerText` of some kid and exactly this `typ`.
 */
export function readCompact(text: string, typ: ObjectType, maxLength: number): Compact | null {
  const parts = text.length > maxLength ? [] : text.split('.', 4)
  if (parts.length !== 3) return null
  const [header, claims, mark] = parts as [string, string, string]
  const kid = readHeader(header, typ)
  const body = decodeBase64url(claims)
  const signature = decodeBase64url(mark)
  if (kid === null || body === null || signature?.length !== SIGNATURE_BYTES) return null
  return { kid, body, signature, signed: utf8(`${header}.${claims}`) }
}

/** The kid of a protected header, or null unless the header is the canonical text for `typ`. */
export function readHeader(part: string, typ: ObjectType): string | null {
  try {
    return kidIn(part, typ)
  } catch {
    return null
  }
}

/** `readHeader`, which throws for what is no UTF-8 in base64url. */
export const kidIn = (part: string, typ: ObjectType): string | null => {
  const text = fromUtf8(decodeBase64url(part)!)
  const kid = text.slice(22, 30)
  return text !== headerText(kid, typ) || /[^\da-f]/.test(kid) ? null : kid
}
