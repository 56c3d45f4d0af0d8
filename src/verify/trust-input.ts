import { isText } from '../format/bytes.ts'
import { TRUST_CHARACTERS } from '../format/limits.ts'
import { parseStrict } from '../format/strict-json.ts'

/**
 * What a program pins and has met since: a root manifest; or a list of them, the pinned one first; or an answer
 * of `GET /v1/keys`. Each as JSON text or as the value parsed from it.
 */
export type TrustInput = string | object | readonly (string | object)[]

/** An input as one text; an empty one for what cannot be looked at, is no JSON, or is too long. */
export const textOf = (input: unknown): string => {
  try {
    const text = isText(input) ? input : JSON.stringify(input)
    if (text.length <= TRUST_CHARACTERS) return text
  } catch {
    // It cannot be looked at.
  }
  return ''
}

/** The manifests in the text of an input, each as a text; none of them was read. */
export const manifestsIn = (text: string): readonly string[] => {
  const value = parseStrict(text) as { readonly roots?: unknown } | null | undefined
  const list = [value, value?.roots].find(Array.isArray)
  return list ? list.map(textOf) : [text]
}
