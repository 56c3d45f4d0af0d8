import { decodeBase64url } from './base64url.ts'
import { type Sha256, utf8 } from './bytes.ts'
import { bytes32, each, like, readClaims, shape, time, version } from './claims.ts'
import { keyIdOf, readHeader, type Signed } from './jws.ts'
import { MANIFEST_BYTES } from './limits.ts'
import { parseStrict } from './strict-json.ts'

/** The root keys of one version and the keys known to be compromised (contract 1.3). */
export interface RootManifest {
  readonly version: number
  /** Distinct root keys whose signatures are needed. */
  readonly threshold: number
  readonly keys: readonly RootKey[]
  readonly revoked: readonly RevokedKey[]
  /** Unix seconds. */
  readonly issuedAt: number
}

export interface RootKey {
  readonly kid: string
  readonly publicKey: Uint8Array
}

/** A signing key or a root key: everything it signed is refused, whatever its date. */
export interface RevokedKey extends RootKey {
  /** When it was revoked, Unix seconds; for people, not for judging. */
  readonly at: number
  readonly reason: string
}

/** A manifest as it was read. No signature was verified. */
export interface ReadManifest extends RootManifest {
  readonly keys: readonly (RootKey & Named)[]
  readonly revoked: readonly (RevokedKey & Named)[]
  /** The text that is signed: two manifests are the same when it is. */
  readonly payload: string
  /** In the order of the JSON; one key may stand there twice and counts once. */
  readonly signatures: readonly Signed[]
}

/** A key as it is written, its public half in base64url: the name of the key in sets and maps. */
export interface Named {
  readonly kid: string
  readonly x: string
}

interface Claims extends Omit<RootManifest, 'keys' | 'revoked' | 'issuedAt'> {
  readonly keys: readonly Named[]
  readonly revoked: readonly (Named & Omit<RevokedKey, 'publicKey'>)[]
  readonly issued_at: number
}

const text = like(/^/)
const key = { kid: text, x: bytes32 }

const CLAIMS = {
  version,
  threshold: version,
  keys: each(shape(key)),
  revoked: each(shape({ ...key, at: time, reason: text })),
  issued_at: time,
}

/** 64 bytes in canonical base64url: the last of 86 characters has four bits to spare, and they are zero. */
const signature = like(/^[\w-]{85}[AQgw]$/)

/** JWS general JSON, RFC 7515 7.2.1. */
const isJws = shape({ payload: text, signatures: each(shape({ protected: text, signature })) })

interface Jws {
  readonly payload: string
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[]
}

/**
 * null when the text is over 64 KiB or malformed: no JSON or JWS of this typ, a member missing or of a wrong type or
 * range, a kid that is not the thumbprint of its x, a kid or x named twice in one list, a threshold below 1 or above
 * the number of keys. Unknown members are ignored.
 */
export function readSigned(json: string, sha256: Sha256): ReadManifest | null {
  if (json.length > MANIFEST_BYTES || utf8(json).length > MANIFEST_BYTES) return null
  const jws = parseStrict(json)
  if (!isJws(jws)) return null
  const { payload, signatures } = jws as Jws
  const body = decodeBase64url(payload)
  const claims = body && readClaims<Claims>(body, CLAIMS)
  if (!claims || claims.threshold > claims.keys.length) return null
  if (!areKeys(claims.keys, sha256) || !areKeys(claims.revoked, sha256)) return null
  const signed: Signed[] = []
  for (const { protected: header, signature } of signatures) {
    const kid = readHeader(header, 'licet-root+json')
    if (kid === null) return null
    signed.push([kid, utf8(`${header}.${payload}`), decodeBase64url(signature)!])
  }
  const { issued_at: issuedAt, ...rest } = claims
  return {
    ...rest,
    issuedAt,
    keys: claims.keys.map(withBytes),
    revoked: claims.revoked.map(withBytes),
    payload,
    signatures: signed,
  }
}

const withBytes = <T extends Named>(key: T) => ({ ...key, publicKey: decodeBase64url(key.x)! })

/** A repeated x has a repeated kid, so the kid is enough. */
function areKeys(keys: readonly Named[], sha256: Sha256): boolean {
  return (
    keys.every(({ kid, x }) => kid === keyIdOf(x, sha256)) &&
    new Set(keys.map(({ kid }) => kid)).size === keys.length
  )
}
