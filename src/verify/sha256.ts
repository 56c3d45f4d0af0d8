/** SHA-256 (FIPS 180-4) in plain arithmetic, for hosts whose only hash is asynchronous. */

/** The first 32 bits of the fractional parts of the roots of the first 64 primes (FIPS 180-4 4.2.2 and 5.3.3). */
const CUBE_ROOTS: number[] = []
const SQUARE_ROOTS: number[] = []
for (let n = 2; CUBE_ROOTS.length < 64; n++) {
  let divisor = 2
  while (n % divisor > 0) divisor++
  if (divisor < n) continue
  CUBE_ROOTS.push((n ** (1 / 3) * 2 ** 32) | 0)
  SQUARE_ROOTS.push((n ** 0.5 * 2 ** 32) | 0)
}

/** Of at most 512 MiB: the length in bits is written as 32 bits. */
export function sha256(bytes: Uint8Array): Uint8Array {
  // FIPS 180-4 5.1.1: a one bit, zeros and the length, to a multiple of 64 bytes.
  const padded = new Uint8Array((bytes.length + 72) & -64)
  const view = new DataView(padded.buffer)
  padded.set(bytes)
  padded[bytes.length] = 128
  view.setUint32(padded.length - 4, bytes.length * 8)
  const state = SQUARE_ROOTS.slice(0, 8)
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at)
  state.forEach((word, i) => {
    view.setInt32(4 * i, word)
  })
  return padded.slice(0, 32)
}

/** FIPS 180-4 6.2.2. */
function compress(state: number[], view: DataView, at: number): void {
  const w: number[] = []
  const words = [...state]
  for (let t = 0; t < 64; t++) {
    const [a, b, c, d, e, f, g, h] = words as Word8
    const s0 = spread(w[t - 15]!, 7, 18) ^ (w[t - 15]! >>> 3)
    const s1 = spread(w[t - 2]!, 17, 19) ^ (w[t - 2]! >>> 10)
    w[t] = t < 16 ? view.getInt32(at + 4 * t) : (w[t - 16]! + s0 + w[t - 7]! + s1) | 0
    const t1 = h + (spread(e, 6, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + CUBE_ROOTS[t]! + w[t]!
    const t2 = (spread(a, 2, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    words.unshift((t1 + t2) | 0)
    words[4] = (d + t1) | 0
    words.pop()
  }
  for (let i = 0; i < 8; i++) state[i] = (state[i]! + words[i]!) | 0
}

type Word8 = [number, number, number, number, number, number, number, number]

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const spread = (word: number, a: number, b: number): number => rotate(word, a) ^ rotate(word, b)
