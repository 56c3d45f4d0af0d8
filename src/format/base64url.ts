import { placesIn, unspell } from './bits.ts'
import { fromUtf8, utf8 } from './bytes.ts'

/** base64url without padding, RFC 4648 5; canonical, so that a value has exactly one spelling. */
const LETTERS = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const PLACES = placesIn(LETTERS)

/** The spelling of `bytes` as ASCII codes, behind a head. */
export const base64urlCodes = (bytes: Uint8Array, head: ArrayLike<number> = []): Uint8Array => {
  let at = head.length
  // Five sixths round up: of a length that is not whole an array takes the whole part.
  const codes = new Uint8Array(at + (bytes.length * 8 + 5) / 6)
  codes.set(head)
  // Any six bits stand in two bytes; behind the last byte all are zero.
  for (let bit = 0; bit < bytes.length * 8; bit += 6) {
    const two = (bytes[bit >> 3]! << 8) | bytes[(bit >> 3) + 1]!
    codes[at++] = LETTERS[(two >> (10 - (bit % 8))) & 63]!
  }
  return codes
}

export const encodeBase64url = (bytes: Uint8Array): string => fromUtf8(base64urlCodes(bytes))

/**
 * The bytes, or null: a character outside the alphabet, padding, a length that no bytes have, or left-over
 * bits that are not zero. What is accepted, re-encoding gives back unchanged.
 */
export const decodeBase64url = (text: string): Uint8Array | null => {
  const bytes = unspell(utf8(text), PLACES, 6)
  const whole = (text.length * 3) >> 2
  return text.length % 4 === 1 || /[^\w-]/.test(text) || bytes[whole] ? null : bytes.subarray(0, whole)
}
