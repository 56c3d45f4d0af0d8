import { isText, isWellFormed } from './bytes.ts'
import { SIGNED_JSON_DEPTH } from './limits.ts'

/**
 * The value of the JSON (RFC 8259) of a signed object; undefined when it is none, or holds what `JSON.parse` lets
 * pass: a member named twice in one object, deep nesting, a lone surrogate (UTF-8 cannot carry it), a number beyond
 * the range of a double. Never throws; the size is the caller's check. The doors have a reader of their own that says
 * where the fault is: this one is small, since shipped software carries it.
 */
export const parseStrict = (text: string): unknown => {
  // A member that is named twice is written twice and kept once: a text more, or several, than what was read holds.
  let texts = text.replace(/\\./g, '').split(/"[^"]*"/).length
  const holds = (value: unknown, depth: number): boolean =>
    isText(value)
      ? texts-- > 0 && isWellFormed(value)
      : Object(value) === value
        ? depth > 0 &&
          // Of an object, its names and what they name.
          (Array.isArray(value) ? value : Object.entries(value as object).flat()).every((part) =>
            holds(part, depth - 1),
          )
        : Math.abs(value as number) < Infinity
  try {
    const value: unknown = JSON.parse(text)
    if (holds(value, SIGNED_JSON_DEPTH) && texts === 1) return value
  } catch {
    // It is no JSON.
  }
  return undefined
}
