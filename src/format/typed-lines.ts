import { concat, type Sha256, utf8 } from './bytes.ts'
import { checkIn, checkOf, symbolValue, writeCheck, writeSymbols } from './crockford.ts'
import { CHECK_SYMBOLS } from './layout.ts'
import { foldPaste } from './paste.ts'
import { regroup } from './regroup.ts'

/**
 * Bytes as numbered lines that can be typed back from paper: `07  K7WQ-2MXT-9A0B-4C5D-3F6GH`. Two digits of the
 * line's number, 16 symbols for ten bytes, and five check symbols over number and bytes, so that a wrong line is
 * known by itself.
 */

/**
 * A line that is no such line; a typing error in it; another line in its place; no line in its place; or one more
 * than there are.
 */
export type TypedFault = 'malformed' | 'mistyped' | 'misplaced' | 'missing' | 'surplus'

export type TypedLinesRead =
  | { readonly ok: true; readonly bytes: Uint8Array }
  /** `line` is the number in front of the line that should stand there. */
  | { readonly ok: false; readonly line: number; readonly why: TypedFault }

const LINE_BYTES = 10
const NUMBER_SYMBOLS = 2
const LINE_SYMBOLS = NUMBER_SYMBOLS + (LINE_BYTES * 8) / 5 + CHECK_SYMBOLS
/** A line with blanks and dashes between all its symbols, each of up to three bytes. */
const LONGEST_LINE = 256
const LONGEST_TEXT = 16 * 1024

/** The lines of `bytes`, whose length is a multiple of ten and below a thousand. */
export function keyLines(bytes: Uint8Array, sha256: Sha256): readonly string[] {
  const count = bytes.length / LINE_BYTES
  if (!Number.isInteger(count) || count > 99)
    throw new RangeError('only whole lines of ten bytes can be typed')
  return Array.from({ length: count }, (_, i) => {
    const part = bytes.subarray(i * LINE_BYTES, (i + 1) * LINE_BYTES)
    const groups = writeSymbols(part).match(/.{4}/g)!
    return `${numberText(i + 1)}  ${[...groups, writeCheck(lineCheck(i + 1, part, sha256))].join('-')}`
  })
}

/** The bytes of the lines of a text, `length` of them, or the first line that is wrong. */
export function readKeyLines(text: string, length: number, sha256: Sha256): TypedLinesRead {
  if (text.length > LONGEST_TEXT) return { ok: false, line: 1, why: 'malformed' }
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|[\r\n]/)
    .filter((line) => !/^\s*(#|$)/.test(line))
  const count = length / LINE_BYTES
  const parts: Uint8Array[] = []
  for (let number = 1; number <= count; number++) {
    const line = lines[number - 1]
    const part = line === undefined ? 'missing' : readLine(line, number, sha256)
    if (typeof part === 'string') return { ok: false, line: number, why: part }
    parts.push(part)
  }
  if (lines.length > count) return { ok: false, line: count, why: 'surplus' }
  return { ok: true, bytes: concat(...parts) }
}

function readLine(line: string, number: number, sha256: Sha256): Uint8Array | TypedFault {
  const folded = foldPaste(line, LONGEST_LINE)
  if (folded?.length !== LINE_SYMBOLS) return 'malformed'
  const values = folded.slice(NUMBER_SYMBOLS).map(symbolValue)
  const check = checkIn(values)
  const bytes = regroup(values, 5, 8).subarray(0, LINE_BYTES)
  const written = numberIn(folded)
  if (written !== null && lineCheck(written, bytes, sha256) === check)
    return written === number ? bytes : 'misplaced'
  return 'mistyped'
}

const numberText = (number: number): string => `${number}`.padStart(NUMBER_SYMBOLS, '0')

/** The number in front of a line, with O for 0 and I or L for 1 as in the symbols; null when it is none. */
function numberIn(folded: Uint8Array): number | null {
  const digits = String.fromCharCode(...folded.subarray(0, NUMBER_SYMBOLS))
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return /^\d+$/.test(digits) ? Number(digits) : null
}

const lineCheck = (number: number, bytes: Uint8Array, sha256: Sha256): number =>
  checkOf(sha256(concat(utf8(`licet-line ${number}\n`), bytes)))
