import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { readUtf8, type Sha256, utf8 } from './bytes.ts'
import { readJson } from './json.ts'
import { headerText, keyId, PUBLIC_KEY_BYTES, readHeader, SIGNATURE_BYTES, signingInput } from './jws.ts'
import { LAST_SECOND, MANIFEST_BYTES, SIGNED_JSON_DEPTH } from './limits.ts'
import { asMembers, isIntegerIn, type Members, member, readAll } from './members.ts'

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
export interface RevokedKey {
  readonly kid: string
  readonly publicKey: Uint8Array
  /** When it was revoked, Unix seconds; for people, not for judging. */
  readonly at: number
  readonly reason: string
}

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

/**
 * Reads a manifest from its JSON text. null when it is over 64 KiB or malformed: no JSON or JWS of this typ,
 * a member missing or of a wrong type or range, a kid that is not the thumbprint of its x, a kid or x named
 * twice in one list, a threshold below 1 or above the number of keys. Unknown members are ignored.
 */
export function readManifest(text: string, sha256: Sha256): SignedManifest | null {
  if (text.length > MANIFEST_BYTES || utf8(text).length > MANIFEST_BYTES) return null
  const read = readJson(text, { maxDepth: SIGNED_JSON_DEPTH, duplicates: 'refuse' })
  return read.ok ? readManifestValue(read.value, sha256) : null
}

/** `readManifest` for JSON that was parsed already, whose size and repeated members nobody can see any more. */
export function readManifestValue(value: unknown, sha256: Sha256): SignedManifest | null {
  const jws = asMembers(value)
  const payload = jws && member(jws, 'payload')
  if (!jws || typeof payload !== 'string' || payload.length > MANIFEST_BYTES) return null
  const manifest = readPayload(payload, sha256)
  const signatures = readAll(member(jws, 'signatures'), (item) => readSignature(item, payload))
  return manifest === null || signatures === null ? null : { manifest, signatures }
}

function readSignature(item: unknown, payload: string): ManifestSignature | null {
  const entry = asMembers(item)
  const header = entry && member(entry, 'protected')
  if (!entry || typeof header !== 'string') return null
  const kid = readHeader(header, TYP)
  const signature = readBytes(entry, 'signature', SIGNATURE_BYTES)
  return kid === null || signature === null ? null : { kid, signed: utf8(`${header}.${payload}`), signature }
}

function readPayload(payload: string, sha256: Sha256): RootManifest | null {
  const bytes = decodeBase64url(payload)
  const text = bytes === null ? null : readUtf8(bytes)
  if (text === null) return null
  const read = readJson(text, { maxDepth: SIGNED_JSON_DEPTH, duplicates: 'refuse' })
  const claims = read.ok ? asMembers(read.value) : null
  return claims === null ? null : readClaims(claims, sha256)
}

function readClaims(claims: Members, sha256: Sha256): RootManifest | null {
  const version = member(claims, 'version')
  const threshold = member(claims, 'threshold')
  const issuedAt = member(claims, 'issued_at')
  const keys = readAll(member(claims, 'keys'), (item) => readKey(item, sha256))
  const revoked = readAll(member(claims, 'revoked'), (item) => readRevoked(item, sha256))
  if (!keys || !revoked || !allDistinct(keys) || !allDistinct(revoked)) return null
  if (!isIntegerIn(version, 1, Number.MAX_SAFE_INTEGER)) return null
  if (!isIntegerIn(threshold, 1, keys.length) || !isIntegerIn(issuedAt, 0, LAST_SECOND)) return null
  return { version, threshold, keys, revoked, issuedAt }
}

function readKey(item: unknown, sha256: Sha256): RootKey | null {
  const entry = asMembers(item)
  const publicKey = entry && readBytes(entry, 'x', PUBLIC_KEY_BYTES)
  if (!entry || !publicKey) return null
  const kid = keyId(publicKey, sha256)
  return member(entry, 'kid') === kid ? { kid, publicKey } : null
}

function readRevoked(item: unknown, sha256: Sha256): RevokedKey | null {
  const key = readKey(item, sha256)
  const entry = asMembers(item)
  const at = entry && member(entry, 'at')
  const reason = entry && member(entry, 'reason')
  if (key === null || !isIntegerIn(at, 0, LAST_SECOND) || typeof reason !== 'string') return null
  return { ...key, at, reason }
}

function readBytes(entry: Members, name: string, length: number): Uint8Array | null {
  const text = member(entry, name)
  const bytes = typeof text === 'string' ? decodeBase64url(text) : null
  return bytes?.length === length ? bytes : null
}

/** A repeated x has a repeated kid, so the kid is enough. */
function allDistinct(keys: readonly RootKey[]): boolean {
  return new Set(keys.map((key) => key.kid)).size === keys.length
}
