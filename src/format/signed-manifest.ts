import { decodeBase64url } from './base64url.ts'
import { fromUtf8, isText, utf8 } from './bytes.ts'
import { keyIdOf, kidIn, type Signed } from './jws.ts'
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './layout.ts'
import { LAST_SECOND, MANIFEST_BYTES } from './limits.ts'
import type { Steps } from './steps.ts'
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

/**
 * A manifest as it was read: the members of its payload, named as in the contract, and what is signed. No signature was
 * verified.
 */
export interface ReadManifest {
  readonly version: number
  readonly threshold: number
  readonly keys: readonly Named[]
  readonly revoked: readonly RevokedEntry[]
  readonly issued_at: number
  /** The text that is signed: two manifests are the same when it is. */
  readonly payload: string
  /** In the order of the JSON; one key may stand there twice and counts once. */
  readonly signatures: readonly Signed[]
}

/** A key with the name it has in sets and maps. */
export interface Named {
  readonly kid: string
  /** Its public half in base64url, as it is written. */
  readonly x: string
}

/** A revoked key as it is written. */
export type RevokedEntry = Named & Omit<RevokedKey, 'publicKey'>

/** JWS general JSON, RFC 7515 7.2.1: what stands there if nothing is missing and of a wrong type. */
interface Jws {
  readonly payload: string
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[]
}

/**
 * null when the text is over 64 KiB or malformed: no JSON or JWS of this typ, a member missing or of a wrong type or
 * range, a kid that is not the thumbprint of its x, a kid or x named twice in one list, a threshold below 1 or above
 * the number of keys. Unknown members are ignored.
 */
export function* readSigned(json: string): Steps<ReadManifest | null> {
  try {
    // A member that is missing, or has another type than it should, makes the language throw.
    const { payload, signatures: marks } = parseStrict(utf8(json).length > MANIFEST_BYTES ? '' : json) as Jws
    const claims = parseStrict(fromUtf8(decodeBase64url(payload)!)) as ReadManifest
    const { version, threshold, issued_at: issuedAt, keys, revoked } = claims
    for (const list of [keys, revoked])
      for (const one of list) {
        if (decodeBase64url(one.x)!.length !== PUBLIC_KEY_BYTES) return null
        if (one.kid !== (yield* keyIdOf(one.x))) return null
        // A repeated x has a repeated kid, so the kid is enough.
        if (list.find((first) => first.kid === one.kid) !== one) return null
      }
    const signatures = marks.map(
      ({ protected: header, signature }): Signed => [
        kidIn(header, 'licet-root+json')!,
        utf8(`${header}.${payload}`),
        decodeBase64url(signature)!,
      ],
    )
    const holds =
      isInteger(version, 1, version) &&
      isInteger(threshold, 1, keys.length) &&
      isInteger(issuedAt) &&
      revoked.every(({ at, reason }) => isInteger(at) && isText(reason)) &&
      signatures.every(([kid, , signature]) => kid && signature.length === SIGNATURE_BYTES)
    return holds ? { ...claims, payload, signatures } : null
  } catch {
    return null
  }
}

/** A time is what its bounds are when none are given. */
const isInteger = (value: number, least = 0, most = LAST_SECOND): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most
