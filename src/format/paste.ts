import { utf8 } from './bytes.ts'
import { LICENSE_TEXT_BYTES } from './limits.ts'

/**
 * What happens to a code between the seller's mail and the customer's input field (contract 1.1, "Reader"):
 * full-width input methods, lower case, line wraps, typographic dashes, invisible characters. The list is
 * closed and needs no Unicode tables, so that every language reads alike.
 */
const DROPPED =
  /[-\t-\r \x85\xa0\xad\u1680\u180e\u2000-\u2015\u2028\u2029\u202f\u205f\u2060\u2212\u3000\ufeff]/

/** For each ASCII code that of its upper-case letter or digit; 0 for anything else. */
const UPPER = new Uint8Array(128)
for (const letter of '0123456789abcdefghijklmnopqrstuvwxyz') {
  const upper = letter.toUpperCase().charCodeAt(0)
  UPPER[letter.charCodeAt(0)] = UPPER[upper] = upper
}

const DASH = 0x2d
const SPACE = 0x20

/** Where every text is folded: an array of its own would cost as much as the folding. */
const FOLDED = new Uint8Array(LICENSE_TEXT_BYTES)

/**
 * The letters and digits of a pasted text as upper-case ASCII codes, everything dropped that the contract drops. null
 * when it holds any other character, or is longer than `maxBytes` of UTF-8, at most a license text. They stand until
 * the next text is folded: copy what shall stay.
 */
export function foldPaste(text: string, maxBytes: number): Uint8Array | null {
  // A character takes 1 to 3 bytes.
  if (text.length * 3 > maxBytes && (text.length > maxBytes || utf8(text).length > maxBytes)) return null
  let kept = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    const narrow = unit > 0xff00 && unit < 0xff5f ? unit - 0xfee0 : unit
    const upper = UPPER[narrow]
    if (upper) FOLDED[kept++] = upper
    else if (narrow !== DASH && unit !== SPACE && !DROPPED.test(text.charAt(i))) return null
  }
  return FOLDED.subarray(0, kept)
}
