import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { type Sha256, utf8 } from './bytes.ts'
import { headerText, signingInput } from './jws.ts'
import {
  type Named,
  type ReadManifest,
  type RootKey,
  type RootManifest,
  readSigned,
} from './signed-manifest.ts'
import { hashed } from './steps.ts'

export type { RevokedKey, RootKey, RootManifest } from './signed-manifest.ts'

/** A manifest that was read; no signature was verified. */
export interface SignedManifest {
  readonly manifest: RootManifest
  /** In the order of the JSON; one key may stand there twice and counts once. */
  readonly signatures: readonly ManifestSignature[]
}

export interface ManifestSignature {
  readonly kid: string
  /** The signing input, as it was received. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

const TYP = 'licet-root+json'

/** The payload that every root key signs. */
export function writeManifestPayload(manifest: RootManifest): Uint8Array {
  const key = ({ kid, publicKey }: RootKey) => ({ kid, x: encodeBase64url(publicKey) })
  return utf8(
    JSON.stringify({
      version: manifest.version,
      threshold: manifest.threshold,
      keys: manifest.keys.map(key),
      revoked: manifest.revoked.map((entry) => ({ ...key(entry), at: entry.at, reason: entry.reason })),
      issued_at: manifest.issuedAt,
    }),
  )
}

/** What the root key `kid` signs for this payload. */
export function manifestSigned(kid: string, payload: Uint8Array): Uint8Array {
  return signingInput(kid, TYP, payload)
}

/** The manifest as JWS general JSON, RFC 7515 7.2.1. */
export function writeManifest(
  payload: Uint8Array,
  signatures: readonly { readonly kid: string; readonly signature: Uint8Array }[],
): string {
  return JSON.stringify({
    payload: encodeBase64url(payload),
    signatures: signatures.map(({ kid, signature }) => ({
      protected: encodeBase64url(utf8(headerText(kid, TYP))),
      signature: encodeBase64url(signature),
    })),
  })
}

/** Reads a manifest from its JSON text; null when it is malformed: see `readSigned`. */
export function readManifest(text: string, sha256: Sha256): SignedManifest | null {
  const read = hashed(readSigned(text), sha256)
  return (
    read && {
      manifest: manifestOf(read),
      signatures: read.signatures.map(([kid, signed, signature]) => ({ kid, signed, signature })),
    }
  )
}

/** What a manifest that was read says. */
export function manifestOf({ version, threshold, keys, revoked, issued_at }: ReadManifest): RootManifest {
  const keyOf = ({ kid, x }: Named): RootKey => ({ kid, publicKey: decodeBase64url(x)! })
  return {
    version,
    threshold,
    keys: keys.map(keyOf),
    revoked: revoked.map((entry) => ({ ...keyOf(entry), at: entry.at, reason: entry.reason })),
    issuedAt: issued_at,
  }
}
