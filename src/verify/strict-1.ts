/**
 * The part of the verification rule "strict-1" that looks at bytes alone (contract 1). Ed25519 libraries
 * disagree about second spellings of S, non-canonical points and points of small order, and some change their
 * mind between versions; with this check in front, all cofactorless ones give the same verdict.
 */

/** The order of the base point, 2^252 + 27742317777372353535851937790883648493, little endian. */
const L = littleEndian('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')

/** The field prime, 2^255 - 19, little endian. */
const P = littleEndian('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')

/** y of all eight points of small order; one y stands for both signs of x. */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(littleEndian)

/**
 * True when key and signature have their one canonical form: 32 and 64 bytes, S < L, and for the key and for R
 * y < p and not of small order. False for everything else, of whatever type. Says nothing about the equation:
 * the library's verify has to follow.
 */
export function isStrict1(publicKey: unknown, signature: unknown): boolean {
  if (!(publicKey instanceof Uint8Array) || publicKey.length !== 32) return false
  if (!(signature instanceof Uint8Array) || signature.length !== 64) return false
  return isBelow(signature, 32, L, 0xff) && isStrictPoint(publicKey) && isStrictPoint(signature)
}

/** Judges the first 32 bytes; bit 255 is the sign of x and not part of y. */
function isStrictPoint(bytes: Uint8Array): boolean {
  return isBelow(bytes, 0, P, 0x7f) && !SMALL_ORDER.some((y) => isY(bytes, y))
}

/** Compares 32 bytes from `offset` with `bound`, both little endian; `topMask` applies to the last byte. */
function isBelow(bytes: Uint8Array, offset: number, bound: Uint8Array, topMask: number): boolean {
  for (let i = 31; i >= 0; i--) {
    const byte = bytes[offset + i]! & (i === 31 ? topMask : 0xff)
    if (byte !== bound[i]!) return byte < bound[i]!
  }
  return false
}

function isY(bytes: Uint8Array, y: Uint8Array): boolean {
  if ((bytes[31]! & 0x7f) !== y[31]!) return false
  for (let i = 30; i >= 0; i--) if (bytes[i] !== y[i]) return false
  return true
}

function littleEndian(hex: string): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}
