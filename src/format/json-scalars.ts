import { isWellFormed } from './bytes.ts'

/** Where a JSON reader stands. `why` is set by whoever returns FAILED, with `at` on the culprit. */
export interface Cursor {
  readonly text: string
  at: number
  why: string
}

export const FAILED = Symbol('failed')
/** What `charCodeAt` cannot return: the text is at its end. */
export const END = -1

export function fail(cursor: Cursor, at: number, why: string): typeof FAILED {
  cursor.at = at
  cursor.why = why
  return FAILED
}

/** Steps over white space (RFC 8259 2; a byte order mark is none); the unit that follows, or END. */
export function skipSpace(cursor: Cursor): number {
  const { text } = cursor
  for (; cursor.at < text.length; cursor.at++) {
    const unit = text.charCodeAt(cursor.at)
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return unit
  }
  return END
}

/** `word` is true, false or null. */
export function readLiteral<T>(cursor: Cursor, word: string, value: T): T | typeof FAILED {
  if (!cursor.text.startsWith(word, cursor.at)) return fail(cursor, cursor.at, 'expected a value')
  cursor.at += word.length
  return value
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

/** RFC 8259 6. Digits beyond a double's precision are rounded, as in `JSON.parse`. */
export function readNumber(cursor: Cursor): number | typeof FAILED {
  NUMBER.lastIndex = cursor.at
  const digits = NUMBER.exec(cursor.text)?.[0]
  if (digits === undefined) return fail(cursor, cursor.at, 'expected a number')
  const value = Number(digits)
  if (!Number.isFinite(value)) return fail(cursor, cursor.at, 'number out of range')
  cursor.at += digits.length
  return value
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** RFC 8259 7. The cursor is on the opening quote. */
export function readString(cursor: Cursor): string | typeof FAILED {
  const { text } = cursor
  const opening = cursor.at
  let read = ''
  let from = opening + 1
  let surrogates = false
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === QUOTE) {
      read += text.slice(from, at)
      if (surrogates && !isWellFormed(read)) return fail(cursor, opening, 'lone surrogate in a string')
      cursor.at = at + 1
      return read
    }
    if (unit === BACKSLASH) {
      const escaped = readEscape(text, at + 1)
      if (escaped === null) return fail(cursor, at, 'unknown escape in a string')
      read += text.slice(from, at) + escaped
      at += text.charCodeAt(at + 1) === 0x75 ? 5 : 1
      from = at + 1
      surrogates ||= isSurrogate(escaped.charCodeAt(0))
    } else if (unit < 0x20) return fail(cursor, at, 'control character in a string')
    else surrogates ||= isSurrogate(unit)
  }
  return fail(cursor, text.length, 'string without an end')
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

const ESCAPES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
})
const FOUR_HEX = /[0-9a-fA-F]{4}/y

/** The unit that the escape after a backslash at `at - 1` means, or null. */
function readEscape(text: string, at: number): string | null {
  if (text.charCodeAt(at) !== 0x75) return ESCAPES[text.charAt(at)] ?? null
  FOUR_HEX.lastIndex = at + 1
  const digits = FOUR_HEX.exec(text)?.[0]
  return digits === undefined ? null : String.fromCharCode(Number.parseInt(digits, 16))
}
