import { decodeBase64url } from './base64url.ts'
import type { Sha256 } from './bytes.ts'
import { readJson } from './json.ts'
import { SIGNED_JSON_DEPTH } from './limits.ts'
import { asMembers, member } from './members.ts'
import { readManifest, type SignedManifest } from './root-manifest.ts'

/** A manifest whose signatures may not suffice yet: the same JWS general JSON, on its way from officer to officer. */
export interface ManifestDraft extends SignedManifest {
  /** What every root key signs, as it was received. */
  readonly payload: Uint8Array
}

/** As `readManifest`, with the payload for the next one who signs; no signature is needed yet, and none is verified. */
export function readDraft(text: string, sha256: Sha256): ManifestDraft | null {
  const signed = readManifest(text, sha256)
  if (signed === null) return null
  const read = readJson(text, { maxDepth: SIGNED_JSON_DEPTH, duplicates: 'refuse' })
  const jws = read.ok ? asMembers(read.value) : null
  const payload = jws && member(jws, 'payload')
  const bytes = typeof payload === 'string' ? decodeBase64url(payload) : null
  return bytes && { ...signed, payload: bytes }
}
