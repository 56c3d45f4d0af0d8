/**
 * The part of the verification rule "strict-1" that looks at bytes alone (contract 1). Ed25519 libraries
 * disagree about second spellings of S, non-canonical points and points of small order, and some change their
 * mind between versions; with this check in front, all cofactorless ones give the same verdict.
 */

/** The field prime. */
const P = 2n ** 255n - 19n

/** The order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

/** y of a point of order 8; -y is that of the others. */
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n

const [S_BOUND, Y_BOUND, ...SMALL_ORDER] = [L, P, 0n, 1n, P - 1n, ORDER_8, P - ORDER_8].map((number) =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n)),
) as [Uint8Array, Uint8Array, ...Uint8Array[]]

/**
 * True when key and signature have their one canonical form: 32 and 64 bytes, S < L, and for the key and for R
 * y < p and not of small order. False for everything else, of whatever type. Says nothing about the equation:
 * the library's verify has to follow.
 */
export function isStrict1(publicKey: unknown, signature: unknown): boolean {
  return (
    isBytes(publicKey, 32) &&
    isBytes(signature, 64) &&
    difference(signature, 32, S_BOUND, 255) < 0 &&
    isStrictPoint(publicKey) &&
    isStrictPoint(signature)
  )
}

const isBytes = (value: unknown, length: number): value is Uint8Array =>
  value instanceof Uint8Array && value.length === length

/** Judges the first 32 bytes; bit 255 is the sign of x and not part of y. */
const isStrictPoint = (bytes: Uint8Array): boolean =>
  difference(bytes, 0, Y_BOUND, 127) < 0 && SMALL_ORDER.every((y) => difference(bytes, 0, y, 127) !== 0)

/** Of two little-endian numbers of 32 bytes, by the highest byte that differs; `mask` is for the highest of the first. */
function difference(bytes: Uint8Array, at: number, other: Uint8Array, mask: number): number {
  let i = 31
  let found = (bytes[at + i]! & mask) - other[i]!
  while (found === 0 && i-- > 0) found = bytes[at + i]! - other[i]!
  return found
}
