/** SHA-256 (FIPS 180-4) in plain arithmetic, for hosts whose only hash is asynchronous. */

/** The first 32 bits of the fractional parts of the roots of the first 64 primes (FIPS 180-4 4.2.2 and 5.3.3). */
const CUBE_ROOTS: number[] = []
const SQUARE_ROOTS: number[] = []
for (let n = 2; CUBE_ROOTS.length < 64; n++) {
  let divisor = 2
  while (n % divisor) divisor++
  if (divisor < n) continue
  CUBE_ROOTS.push((n ** (1 / 3) * 2 ** 32) | 0)
  SQUARE_ROOTS.push((n ** 0.5 * 2 ** 32) | 0)
}

/** Of at most 512 MiB: the length in bits is written as 32 bits. */
export function sha256(bytes: Uint8Array): Uint8Array {
  // FIPS 180-4 5.1.1: a one bit, zeros and the length, to a multiple of 64 bytes.
  const padded = new Uint8Array((bytes.length + 72) & -64)
  const view = new DataView(padded.buffer)
  const w: number[] = []
  let state = SQUARE_ROOTS.slice(0, 8)
  padded.set(bytes)
  padded[bytes.length] = 128
  view.setUint32(padded.length - 4, bytes.length * 8)
  for (let at = 0; at < padded.length; at += 64) {
    // FIPS 180-4 6.2.2.
    const words = [...state]
    for (let t = 0; t < 64; t++) {
      const [a, b, c, , e, f, g] = words as Words
      w[t] =
        t < 16
          ? view.getInt32(at + 4 * t)
          : (w[t - 16]! + mixed(w[t - 15]!, 7, 18, 3, 0) + w[t - 7]! + mixed(w[t - 2]!, 17, 19, 10, 0)) | 0
      const sum = words.pop()! + mixed(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + CUBE_ROOTS[t]! + w[t]!
      words[3]! += sum
      words.unshift((sum + mixed(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c))) | 0)
    }
    state = state.map((word, i) => (word + words[i]!) | 0)
  }
  for (const [i, word] of state.entries()) view.setInt32(4 * i, word)
  return padded.slice(0, 32)
}

type Words = [number, number, number, number, number, number, number]

/** The word turned by `a`, by `b` and by `c`, the last of them only shifted where nothing comes in `again`. */
const mixed = (word: number, a: number, b: number, c: number, again = word): number =>
  ((word >>> a) | (word << -a)) ^ ((word >>> b) | (word << -b)) ^ ((word >>> c) | (again << -c))
