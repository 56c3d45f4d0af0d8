/**
 * The bits of the values, `from` bits each, in values of another width, `to` bits each, the most significant first.
 * What is left over at the end makes one more value, filled up with zero bits. No width is over 8.
 */
export function regroup(values: Uint8Array, from: number, to: number): Uint8Array {
  const mask = (1 << to) - 1
  const target = new Uint8Array(Math.ceil((values.length * from) / to))
  let bits = 0
  let held = 0
  let at = 0
  for (let i = 0; i < values.length; i++) {
    bits = (bits << from) | values[i]!
    held += from
    while (held >= to) {
      held -= to
      target[at++] = (bits >> held) & mask
    }
  }
  if (held > 0) target[at] = (bits << (to - held)) & mask
  return target
}
