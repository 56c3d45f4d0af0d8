import { utf8 } from './bytes.ts'
import { DASH } from './layout.ts'
import { LICENSE_TEXT_BYTES } from './limits.ts'

/**
 * What happens to a code between the seller's mail and the customer's input field (contract 1.1, "Reader"):
 * full-width input methods, lower case, line wraps, typographic dashes, invisible characters. The list is
 * closed and needs no Unicode tables, so that every language reads alike.
 */
const DROPPED =
  /[-\t-\r \x85\xa0\xad\u1680\u180e\u2000-\u2015\u2028\u2029\u202f\u205f\u2060\u2212\u3000\ufeff]/

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
    let code = text.charCodeAt(i)
    if (code > 0xff00 && code < 0xff5f) code -= 0xfee0
    if (code > 0x60 && code < 0x7b) code -= 0x20
    if ((code > 0x2f && code < 0x3a) || (code > 0x40 && code < 0x5b)) FOLDED[kept++] = code
    else if (code !== DASH && !DROPPED.test(String.fromCharCode(code))) return null
  }
  return FOLDED.subarray(0, kept)
}
