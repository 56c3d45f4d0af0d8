import { FOREIGN } from './layout.ts'

/** For each byte its place in the alphabet, in ASCII; `FOREIGN` for what is foreign to it. */
export const placesIn = (alphabet: Uint8Array): Uint8Array => {
  const places = new Uint8Array(256).fill(FOREIGN)
  alphabet.forEach((letter, place) => {
    places[letter] = place
  })
  return places
}

/**
 * Puts the bytes that these letters spell, `width` bits each, the most significant first, in the place of the letters
 * from `start` on. What is left over at the end makes one more byte, filled up with zero bits; behind it the rest of
 * the letters stands.
 */
export const unspell = (letters: Uint8Array, places: Uint8Array, width: number, start = 0): Uint8Array => {
  let bits = 0
  let held = 0
  let at = start
  for (let i = start; i < letters.length; i++) {
    bits = (bits << width) | places[letters[i]!]!
    held += width
    if (held > 7) {
      held -= 8
      letters[at++] = bits >> held
    }
  }
  letters[at] = bits << (8 - held)
  return letters
}
