import { placesIn, regroup, roomFor, valuesOf } from './bits.ts'
import { readUtf8, utf8 } from './bytes.ts'

/** base64url without padding, RFC 4648 5; canonical, so that a value has exactly one spelling. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const LETTERS = utf8(ALPHABET)
const VALUES = placesIn(ALPHABET)

/** The spelling of `bytes` as ASCII codes. */
export function base64urlCodes(bytes: Uint8Array): Uint8Array {
  const codes = regroup(bytes, 8, 6, roomFor(bytes, 6))
  for (let i = 0; i < codes.length; i++) codes[i] = LETTERS[codes[i]!]!
  return codes
}

export const encodeBase64url = (bytes: Uint8Array): string => readUtf8(base64urlCodes(bytes))!

/**
 * The bytes, or null: a character outside the alphabet, padding, a length that no bytes have, or left-over
 * bits that are not zero. What is accepted, re-encoding gives back unchanged.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  if (text.length % 4 === 1 || /[^\w-]/.test(text)) return null
  const values = valuesOf(text, VALUES)
  const bytes = regroup(values, 6, 8, values)
  const whole = (text.length * 3) >> 2
  return text.length % 4 && bytes[whole] ? null : bytes.subarray(0, whole)
}
