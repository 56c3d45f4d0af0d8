import { readUtf8 } from './bytes.ts'

/** base64url without padding, RFC 4648 5; canonical, so that a value has exactly one spelling. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Above every value, and visible in the OR of several. */
const FOREIGN = 64

const LETTER = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0))
const VALUE = new Uint8Array(128).fill(FOREIGN)
LETTER.forEach((code, value) => {
  VALUE[code] = value
})

/** Characters that `length` bytes take. */
export function base64urlLength(length: number): number {
  return Math.ceil((length * 4) / 3)
}

/** Writes the ASCII spelling of `bytes` into `target` from `at` on; returns the position after it. */
export function writeBase64url(bytes: Uint8Array, target: Uint8Array, at: number): number {
  let to = at
  let i = 0
  for (; i + 2 < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    target[to++] = LETTER[bits >> 18]!
    target[to++] = LETTER[(bits >> 12) & 63]!
    target[to++] = LETTER[(bits >> 6) & 63]!
    target[to++] = LETTER[bits & 63]!
  }
  const left = bytes.length - i
  if (left === 0) return to
  const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8)
  target[to++] = LETTER[bits >> 18]!
  target[to++] = LETTER[(bits >> 12) & 63]!
  if (left === 2) target[to++] = LETTER[(bits >> 6) & 63]!
  return to
}

export function encodeBase64url(bytes: Uint8Array): string {
  const ascii = new Uint8Array(base64urlLength(bytes.length))
  writeBase64url(bytes, ascii, 0)
  return readUtf8(ascii)!
}

/**
 * The bytes, or null: a character outside the alphabet, padding, a length that no bytes have, or left-over
 * bits that are not zero. What is accepted, re-encoding gives back unchanged.
 */
export function decodeBase64url(text: string): Uint8Array | null {
  const left = text.length % 4
  if (left === 1) return null
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let to = 0
  let from = 0
  for (; from + 3 < text.length; from += 4) {
    const bits = fourValues(text, from)
    if (bits < 0) return null
    bytes[to++] = bits >> 16
    bytes[to++] = bits >> 8
    bytes[to++] = bits
  }
  return left === 0 || readTail(text, from, bytes, to) ? bytes : null
}

/** 24 bits, or a negative number when one of the four characters is foreign. */
function fourValues(text: string, at: number): number {
  const a = valueAt(text, at)
  const b = valueAt(text, at + 1)
  const c = valueAt(text, at + 2)
  const d = valueAt(text, at + 3)
  return (a | b | c | d) < FOREIGN ? (a << 18) | (b << 12) | (c << 6) | d : -1
}

function valueAt(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit < 128 ? VALUE[unit]! : FOREIGN
}

/** The last two or three characters; false when one is foreign or the left-over bits are not zero. */
function readTail(text: string, from: number, bytes: Uint8Array, to: number): boolean {
  const bits = fourValues(text.slice(from).padEnd(4, 'A'), 0)
  const spare = bytes.length - to === 2 ? 0xff : 0xffff
  bytes[to] = bits >> 16
  if (spare === 0xff) bytes[to + 1] = bits >> 8
  return bits >= 0 && (bits & spare) === 0
}
