/**
 * Crockford base32 over upper-case ASCII codes, most significant bit first (contract 1.1). Five bytes are
 * eight symbols; every object of this product is a multiple of five bytes, so there are no pad bits.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Above every symbol value, and visible in the OR of many of them. */
const FOREIGN = 0x80

const VALUE = new Uint8Array(256).fill(FOREIGN)
for (let value = 0; value < 32; value++) VALUE[ALPHABET.charCodeAt(value)] = value
// What people type for a symbol they misread; U has no such meaning.
for (const [typed, meant] of [
  ['O', '0'],
  ['I', '1'],
  ['L', '1'],
] as const) {
  VALUE[typed.charCodeAt(0)] = VALUE[meant.charCodeAt(0)]!
}

const GROUP_BYTES = 5
const GROUP_SYMBOLS = 8
/** Symbols that guard against typing errors. */
export const CHECK_SYMBOLS = 5

/** Symbols that `length` bytes take; `length` is a multiple of five. */
export function symbolCount(length: number): number {
  return (length / GROUP_BYTES) * GROUP_SYMBOLS
}

/** The spelling of `bytes`, whose length is a multiple of five; RangeError otherwise. */
export function writeSymbols(bytes: Uint8Array): string {
  if (bytes.length % GROUP_BYTES !== 0) throw new RangeError('only whole groups of five bytes can be spelled')
  let text = ''
  for (let i = 0; i < bytes.length; i += GROUP_BYTES) {
    text += fourSymbols((bytes[i]! << 12) | (bytes[i + 1]! << 4) | (bytes[i + 2]! >> 4))
    text += fourSymbols(((bytes[i + 2]! & 15) << 16) | (bytes[i + 3]! << 8) | bytes[i + 4]!)
  }
  return text
}

function fourSymbols(bits: number): string {
  return (
    ALPHABET[bits >> 15]! + ALPHABET[(bits >> 10) & 31]! + ALPHABET[(bits >> 5) & 31]! + ALPHABET[bits & 31]!
  )
}

/**
 * Fills `target` from `to` on with the bytes of the symbols that begin at `codes[from]`. False when a
 * symbol is foreign to the alphabet or missing; `target` is then unspecified.
 */
export function readSymbols(codes: Uint8Array, from: number, target: Uint8Array, to: number): boolean {
  if (from + symbolCount(target.length - to) > codes.length) return false
  let seen = 0
  let at = from
  for (let i = to; i < target.length; i += GROUP_BYTES) {
    const high = fourValues(codes, at)
    const low = fourValues(codes, at + 4)
    at += GROUP_SYMBOLS
    seen |= high | low
    target[i] = high >> 12
    target[i + 1] = high >> 4
    target[i + 2] = (high << 4) | (low >> 16)
    target[i + 3] = low >> 8
    target[i + 4] = low
  }
  return seen < FOREIGN_GROUP
}

/** A bit above the 20 of four symbols. */
const FOREIGN_GROUP = 1 << 20

function fourValues(codes: Uint8Array, at: number): number {
  const a = VALUE[codes[at]!]!
  const b = VALUE[codes[at + 1]!]!
  const c = VALUE[codes[at + 2]!]!
  const d = VALUE[codes[at + 3]!]!
  if ((a | b | c | d) >= FOREIGN) return FOREIGN_GROUP
  return (a << 15) | (b << 10) | (c << 5) | d
}

/** The value 0–31 of one symbol, or null when it is foreign or missing. */
export function symbolValue(codes: Uint8Array, at: number): number | null {
  const code = codes[at]
  if (code === undefined) return null
  const value = VALUE[code]!
  return value < FOREIGN ? value : null
}

/** The first 25 bits of a digest: what the five check symbols spell. */
export function checkOf(digest: Uint8Array): number {
  return ((digest[0]! << 17) | (digest[1]! << 9) | (digest[2]! << 1) | (digest[3]! >> 7)) & 0x1ffffff
}

/** Five symbols for 25 bits. */
export function writeCheck(check: number): string {
  return ALPHABET[(check >> 20) & 31]! + fourSymbols(check & 0xfffff)
}

/** The 25 bits that five symbols spell, or null when one is foreign or missing. */
export function readCheck(codes: Uint8Array, from: number): number | null {
  const first = symbolValue(codes, from)
  if (first === null || from + CHECK_SYMBOLS > codes.length) return null
  const rest = fourValues(codes, from + 1)
  return rest < FOREIGN_GROUP ? (first << 20) | rest : null
}
