import { placesIn, unspell } from './bits.ts'
import { fromUtf8, utf8 } from './bytes.ts'

/** base64url without padding, RFC 4648 5; canonical, so that a value has exactly one spelling. */
const LETTERS = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const PLACES = placesIn(LETTERS)

/** The spelling of `bytes` as ASCII codes, behind a head. */
export function base64urlCodes(bytes: Uint8Array, head: ArrayLike<number> = []): Uint8Array {
  let at = head.length
  const codes = new Uint8Array(at + Math.ceil((bytes.length * 4) / 3))
  codes.set(head)
  let bits = 0
  let held = 0
  for (let i = 0; i < bytes.length; i++) {
    bits = (bits << 8) | bytes[i]!
    held += 8
    while (held > 5) {
      held -= 6
      codes[at++] = LETTERS[(bits >> held) & 63]!
    }
  }
  if (held) codes[at] = LETTERS[(bits << (6 - held)) & 63]!
  return codes
}

export const encodeBase64url = (bytes: Uint8Array): string => fromUtf8(base64urlCodes(bytes))

/**
 * The bytes, or null: a character outside the alphabet, padding, a length that no bytes have, or left-over
 * bits that are not zero. What is accepted, re-encoding gives back unchanged.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  const bytes = unspell(utf8(text), PLACES, 6)
  const whole = (text.length * 3) >> 2
  return text.length % 4 === 1 || /[^\w-]/.test(text) || bytes[whole] ? null : bytes.subarray(0, whole)
}
