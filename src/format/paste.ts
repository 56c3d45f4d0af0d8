import { utf8 } from './bytes.ts'

/**
 * What happens to a code between the seller's mail and the customer's input field (contract 1.1, "Reader"):
 * full-width input methods, lower case, line wraps, typographic dashes, invisible characters. The list is
 * closed and needs no Unicode tables, so that every language reads alike.
 */
const DROPPED_RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x002d, 0x002d],
  [0x0009, 0x000d],
  [0x0020, 0x0020],
  [0x0085, 0x0085],
  [0x00a0, 0x00a0],
  [0x00ad, 0x00ad],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200f],
  [0x2010, 0x2015],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x2060, 0x2060],
  [0x2212, 0x2212],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const FOREIGN = 0
const DROPPED = 1

/** For each UTF-16 unit: the ASCII code of an upper-case letter or digit, DROPPED or FOREIGN. */
const FOLDED = foldTable()

function foldTable(): Uint8Array {
  const table = new Uint8Array(0x10000)
  for (const [first, last] of DROPPED_RANGES) table.fill(DROPPED, first, last + 1)
  for (const letter of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    table[letter.charCodeAt(0)] = letter.charCodeAt(0)
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') table[letter.charCodeAt(0)] = letter.charCodeAt(0) - 0x20
  table.copyWithin(0xff01, 0x0021, 0x007f)
  return table
}

/**
 * The letters and digits of a pasted text as upper-case ASCII codes, everything dropped that the contract
 * drops. null when it holds any other character, or is longer than `maxBytes` of UTF-8.
 */
export function foldPaste(text: string, maxBytes: number): Uint8Array | null {
  if (text.length > maxBytes) return null
  const codes = new Uint8Array(text.length)
  let kept = 0
  let units = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const code = FOLDED[unit]!
    if (code === FOREIGN) return null
    units |= unit
    codes[kept] = code
    if (code !== DROPPED) kept++
  }
  if (units >= 0x80 && utf8(text).length > maxBytes) return null
  return codes.subarray(0, kept)
}
