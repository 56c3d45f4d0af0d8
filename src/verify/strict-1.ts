/**
 * The part of the verification rule "strict-1" that looks at bytes alone (contract 1). Ed25519 libraries
 * disagree about second spellings of S, non-canonical points and points of small order, and some change their
 * mind between versions; with this check in front, all cofactorless ones give the same verdict.
 */

/** The first number that 255 bits cannot hold. */
const ABOVE_255_BITS = 2n ** 255n

/** The field prime. */
const P = ABOVE_255_BITS - 19n

/** The order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

/**
 * True when key and signature have their one canonical form: 32 and 64 bytes, S < L, and for the key and for R
 * y < p and not of small order. False for everything else, of whatever type. Says nothing about the equation:
 * the library's verify has to follow.
 */
export const isStrict1 = (publicKey: unknown, signature: unknown): boolean =>
  isBytes(publicKey, 32) &&
  isBytes(signature, 64) &&
  (isPlain(publicKey, signature) || isCanonical(publicKey, signature))

const isBytes = (value: unknown, length: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length === length

/** The highest bytes of all y that are refused. */
const HIGHEST = [0, 5, 122, 127]

/** True only for what is canonical, and for nearly all of it: the whole check takes a hundred times as long. */
const isPlain = (publicKey: Uint8Array, signature: Uint8Array): boolean =>
  signature[63]! < 16 && !HIGHEST.includes(publicKey[31]! & 127) && !HIGHEST.includes(signature[31]! & 127)

/** `isStrict1` of 32 and 64 bytes. */
export const isCanonical = (publicKey: Uint8Array, signature: Uint8Array): boolean =>
  numberIn(signature.slice(32)) < L && isStrictPoint(publicKey) && isStrictPoint(signature)

/**
 * Judges y, the first 255 bits; the next is the sign of x. The points of small order are those with y = 0, with y² = 1 and, of order 8, with x² = -y², which makes the curve -x² + y² = 1 + d x² y² with
 * d = -121665/121666 the equation 121666 (y² - 1)² = y⁴.
 */
const isStrictPoint = (bytes: Uint8Array): boolean => {
  const y = numberIn(bytes) % ABOVE_255_BITS
  const square = y * y
  const less = square - 1n
  return y < P && (square * less * (121666n * less * less - square * square)) % P !== 0n
}

/** Little-endian. */
const numberIn = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((number, byte) => number * 256n + BigInt(byte), 0n)
