import { holdsKnownParameter, isParameterName, shownName } from './parameters.ts'

/** A query string, decoded once and strictly. */
export interface Query {
  /** Decoded values; of a repeated name the first. Complete only when `fault` is null. */
  readonly values: ReadonlyMap<string, string>
  /** Why the query has no single reading: bad encoding, a bad name, a repeated name. null when it has one. */
  readonly fault: string | null
  /** For the log: the parameter whose value could be cut into further known parameters, or null. */
  readonly recut: string | null
}

/**
 * Reads `application/x-www-form-urlencoded`: `+` is a space, percent sequences are UTF-8, a missing `=` is an
 * empty value, nothing between two `&` is nothing. Anything but printable ASCII in the raw text is a fault.
 */
export function readQuery(raw: string): Query {
  const values = new Map<string, string>()
  let fault: string | null = null
  let recut: string | null = null
  for (const piece of raw.split('&')) {
    if (piece === '') continue
    const cut = piece.indexOf('=')
    const name = decode(cut < 0 ? piece : piece.slice(0, cut))
    const raw = cut < 0 ? '' : piece.slice(cut + 1)
    const value = decode(raw)
    const wrong = faultOf(name, value, values)
    fault ??= wrong
    if (name === null || value === null || wrong !== null) continue
    values.set(name, value)
    // An `&` comes only out of a percent sequence: what stands for itself was cut at every one.
    if (value !== raw && holdsKnownParameter(value)) recut ??= shownName(name)
  }
  return { values, fault, recut }
}

function faultOf(
  name: string | null,
  value: string | null,
  before: ReadonlyMap<string, string>,
): string | null {
  if (name === null || !isParameterName(name)) return 'a parameter name'
  if (value === null) return `${shownName(name)}: not percent-encoded UTF-8`
  return before.has(name) ? `${shownName(name)}: repeated` : null
}

/** What does not stand for itself: `+`, `%`, and what may not stand there at all. */
const NOT_ITSELF = /[^!-$&-*,-~]/
const UNPRINTABLE = /[^!-~]/

/** null for a broken percent sequence, for bytes that are not UTF-8 and for raw characters outside ASCII. */
function decode(text: string): string | null {
  if (!NOT_ITSELF.test(text)) return text
  if (UNPRINTABLE.test(text)) return null
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
