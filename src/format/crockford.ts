import { placesIn } from './bits.ts'
import { utf8 } from './bytes.ts'
import { CHECK_SYMBOLS } from './layout.ts'
import { regroup } from './regroup.ts'

/**
 * Crockford base32 in upper case, most significant bit first (contract 1.1). Five bytes are eight symbols; every
 * object of this product is a multiple of five bytes, so there are no pad bits.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The value of each symbol, and of what people type for one they misread: O is a 0, I and L are a 1. */
export const SYMBOL_VALUES = placesIn(utf8(ALPHABET))
SYMBOL_VALUES[0x4f] = 0
SYMBOL_VALUES[0x49] = SYMBOL_VALUES[0x4c] = 1

/** The spelling of `bytes`, whose length is a multiple of five; RangeError otherwise. */
export function writeSymbols(bytes: Uint8Array): string {
  if (bytes.length % 5 !== 0) throw new RangeError('only whole groups of five bytes can be spelled')
  return Array.from(regroup(bytes, 8, 5), (value) => ALPHABET[value]).join('')
}

const CODES = /* @__PURE__ */ utf8(ALPHABET)

/** The ASCII code of the symbol for a value 0–31. */
export const symbolCode = (value: number): number => CODES[value]!

/** The value 0–31 of a symbol, an ASCII code of `0`–`9` or `A`–`Z`; that it is no U is the caller's check. */
export const symbolValue = (code: number): number => SYMBOL_VALUES[code]!

/** The 25 bits from byte `at` on: of a digest the first are what the five check symbols spell. */
export function checkOf(bytes: Uint8Array, at = 0): number {
  return (bytes[at]! << 17) | (bytes[at + 1]! << 9) | (bytes[at + 2]! << 1) | (bytes[at + 3]! >> 7)
}

/** Five symbols for 25 bits. */
export function writeCheck(check: number): string {
  return [20, 15, 10, 5, 0].map((shift) => ALPHABET[(check >> shift) & 31]).join('')
}

/** The 25 bits of the last five of these symbols. */
export const checkIn = (values: Uint8Array): number =>
  values.subarray(-CHECK_SYMBOLS).reduce((bits, value) => (bits << 5) | value)
