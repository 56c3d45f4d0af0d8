import type { Sha256 } from '../format/bytes.ts'
import { readJson } from '../format/json.ts'
import { MANIFEST_BYTES, MANIFESTS_PER_CHAIN, SIGNED_JSON_DEPTH } from '../format/limits.ts'
import { readManifest, readManifestValue, type SignedManifest } from '../format/root-manifest.ts'

/**
 * What a program pins and has met since: a root manifest; or a list of them, the pinned one first; or an answer
 * of `GET /v1/keys`. Each as JSON text or as the value parsed from it.
 */
export type TrustInput = string | object | readonly (string | object)[]

/** Room for a whole chain of the largest manifests in one text. */
const LONGEST_TEXT = 2 * MANIFESTS_PER_CHAIN * MANIFEST_BYTES

/** Room for manifests that are older than the pinned one, or repeated. */
const LONGEST_LIST = 2 * MANIFESTS_PER_CHAIN

/** The manifests of an input, still unread and copied out of it; null when it holds none or too many. */
export function partsOf(input: unknown): readonly unknown[] | null {
  try {
    const parts = [...(listIn(input) ?? [input])]
    return parts.length > LONGEST_LIST ? null : parts
  } catch {
    // Only a foreign object that throws when it is looked at ends here.
    return null
  }
}

/** null for each that is malformed. */
export function readParts(parts: readonly unknown[], sha256: Sha256): readonly (SignedManifest | null)[] {
  return (unpacked(parts) ?? parts).map((part) => readPart(part, sha256))
}

/** What a lone text holds, when that is a list. */
function unpacked(parts: readonly unknown[]): readonly unknown[] | null {
  const [text] = parts
  if (parts.length !== 1 || typeof text !== 'string' || text.length > LONGEST_TEXT) return null
  const json = readJson(text, { maxDepth: SIGNED_JSON_DEPTH, duplicates: 'refuse' })
  return json.ok && listIn(json.value) !== null ? partsOf(json.value) : null
}

function listIn(value: unknown): readonly unknown[] | null {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value
  return 'roots' in value && Array.isArray(value.roots) ? value.roots : null
}

function readPart(part: unknown, sha256: Sha256): SignedManifest | null {
  try {
    return typeof part === 'string' ? readManifest(part, sha256) : readManifestValue(part, sha256)
  } catch {
    // As above.
    return null
  }
}
