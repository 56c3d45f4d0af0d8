/**
 * Writes the bits of the values from `start` on, `from` bits each, in values of another width, `to` bits each, into
 * `target`, from `start` on too; the most significant first. What is left over at the end makes one more value, filled
 * up with zero bits. No width is over 8. Where values become fewer, the target may be the source: a new array would
 * cost as much as the work.
 */
export function regroup(
  source: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  start = 0,
): Uint8Array {
  const mask = (1 << to) - 1
  let bits = 0
  let held = 0
  let at = start
  for (let i = start; i < source.length; i++) {
    bits = (bits << from) | source[i]!
    held += from
    while (held >= to) {
      held -= to
      target[at++] = (bits >> held) & mask
    }
  }
  if (held > 0) target[at] = (bits << (to - held)) & mask
  return target
}

/** Room for bytes in values of `width` bits. */
export const roomFor = (bytes: Uint8Array, width: number): Uint8Array =>
  new Uint8Array(Math.ceil((bytes.length * 8) / width))

/** For each ASCII code its place in the alphabet; 0 for what is foreign to it, which is the caller's check. */
export function placesIn(alphabet: string): Uint8Array {
  const places = new Uint8Array(128)
  for (let place = 0; place < alphabet.length; place++) places[alphabet.charCodeAt(place)] = place
  return places
}

/** The place of each character of an ASCII text. */
export function valuesOf(text: string, places: Uint8Array): Uint8Array {
  const values = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) values[i] = places[text.charCodeAt(i)]!
  return values
}
