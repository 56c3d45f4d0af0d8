import { decodeBase64url } from './base64url.ts'
import { readUtf8, type Sha256, utf8 } from './bytes.ts'
import { keyIdOf, readHeader, type Signed } from './jws.ts'
import { LAST_SECOND, MANIFEST_BYTES } from './limits.ts'
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

/** The name of a key in sets and maps. */
export interface Named {
  /** Its public half in base64url, as it is written. */
  readonly x: string
}

/** JWS general JSON, RFC 7515 7.2.1: what stands there if nothing is missing and of a wrong type. */
interface Jws {
  readonly payload: string
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[]
}

/** What the payload says under the same condition. */
interface Claims extends Pick<RootManifest, 'version' | 'threshold'> {
  readonly keys: readonly Entry[]
  readonly revoked: readonly Entry[]
  readonly issued_at: number
}

type Entry = Named & Omit<RevokedKey, 'publicKey'>

/**
 * null when the text is over 64 KiB or malformed: no JSON or JWS of this typ, a member missing or of a wrong type or
 * range, a kid that is not the thumbprint of its x, a kid or x named twice in one list, a threshold below 1 or above
 * the number of keys. Unknown members are ignored.
 */
export function readSigned(json: string, sha256: Sha256): ReadManifest | null {
  try {
    return json.length > MANIFEST_BYTES || utf8(json).length > MANIFEST_BYTES ? null : readJws(json, sha256)
  } catch {
    return null
  }
}

/** Throws what a member that is missing, or has another type than it should, makes the language throw. */
function readJws(json: string, sha256: Sha256): ReadManifest | null {
  const { payload, signatures: marks } = parseStrict(json) as Jws
  const claims = parseStrict(readUtf8(decodeBase64url(payload)!)!) as Claims
  const { version, threshold, issued_at: issuedAt } = claims
  const [keys, revoked] = [claims.keys, claims.revoked].map((list) =>
    list.map((entry) => ({ ...entry, publicKey: decodeBase64url(entry.x)! })),
  ) as unknown as [ReadManifest['revoked'], ReadManifest['revoked']]
  const signatures = marks.map(
    ({ protected: header, signature }): Signed => [
      readHeader(header, 'licet-root+json')!,
      utf8(`${header}.${payload}`),
      decodeBase64url(signature)!,
    ],
  )
  const holds =
    isInteger(version, 1) &&
    isInteger(threshold, 1, keys.length) &&
    isInteger(issuedAt, 0, LAST_SECOND) &&
    revoked.every(({ at, reason }) => isInteger(at, 0, LAST_SECOND) && typeof reason === 'string') &&
    // A repeated x has a repeated kid, so the kid is enough.
    [keys, revoked].every((list) => new Set(list.map(({ kid }) => kid)).size === list.length) &&
    [...keys, ...revoked].every(
      ({ kid, x, publicKey }) => publicKey.length === 32 && kid === keyIdOf(x, sha256),
    ) &&
    signatures.every(([kid, , signature]) => kid && signature.length === 64)
  return holds ? { version, threshold, issuedAt, keys, revoked, payload, signatures } : null
}

const isInteger = (value: number, least: number, most = value): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most
