import { isRecord } from '../format/claims.ts'
import { MANIFEST_BYTES, MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import { parseStrict } from '../format/strict-json.ts'

/**
 * What a program pins and has met since: a root manifest; or a list of them, the pinned one first; or an answer
 * of `GET /v1/keys`. Each as JSON text or as the value parsed from it.
 */
export type TrustInput = string | object | readonly (string | object)[]

/** Room for manifests that are older than the pinned one, or repeated. */
const LONGEST_LIST = 2 * MANIFESTS_PER_CHAIN

/** Room for a whole chain of the largest manifests in one text. */
const LONGEST_TEXT = LONGEST_LIST * MANIFEST_BYTES

/** The parts of an input as texts, none of them read; what cannot be looked at is one part that is no manifest. */
export function partsOf(input: unknown): readonly string[] {
  try {
    const parts = listIn(input) ?? [input]
    const most = parts.slice(0, LONGEST_LIST).map(textOf)
    return parts.length > LONGEST_LIST ? [...most, ''] : most
  } catch {
    return ['']
  }
}

/** What a lone text holds, when that is a list. */
export function textsIn(parts: readonly string[]): readonly string[] {
  const [text] = parts
  const isLone = parts.length === 1 && text !== undefined && text.length <= LONGEST_TEXT
  const list = isLone ? listIn(parseStrict(text)) : null
  return list === null ? parts : partsOf(list)
}

function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  return isRecord(value) && Array.isArray(value.roots) ? value.roots : null
}

/** Only a foreign object that throws when it is looked at, is a list or no JSON becomes the empty text. */
function textOf(part: unknown): string {
  try {
    if (typeof part === 'string') return part
    return listIn(part) ? '' : (JSON.stringify(part) ?? '')
  } catch {
    return ''
  }
}
