import { utf8 } from './bytes.ts'
import { SYMBOL_VALUES } from './crockford.ts'
import { DASH, FOREIGN } from './layout.ts'

/**
 * Undoes what happens to a code between the seller's mail and the customer's input field (contract 1.1, "Reader"):
 * full-width input methods, lower case, line wraps, typographic dashes, invisible characters. The list is closed, so
 * that every language reads alike; `\s` is what ECMAScript 12.2 and 12.3 list, and all of it is on the contract's.
 *
 * The symbols of a pasted text as upper-case ASCII codes, everything dropped that the contract drops. null when it
 * holds any other character, U included, or is longer than `maxBytes` of UTF-8.
 */
export const foldPaste = (text: string, maxBytes: number): Uint8Array | null => {
  // A character takes 1 to 3 bytes.
  if (text.length * 3 > maxBytes && utf8(text).length > maxBytes) return null
  const letters = new Uint8Array(text.length)
  let kept = 0
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code > 0xff00 && code < 0xff5f) code -= 0xfee0
    // What is no letter in lower case does not become one.
    if (code > 0x60) code -= 0x20
    if (SYMBOL_VALUES[code]! < FOREIGN) letters[kept++] = code
    else if (code !== DASH && !/[\s\x85\xad\u180e\u200b-\u2015\u2060\u2212]/.test(text[i]!)) return null
  }
  return letters.subarray(0, kept)
}
