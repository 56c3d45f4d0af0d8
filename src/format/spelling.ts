import { regroup, roomFor } from './bits.ts'
import { concat, readUtf8, type Sha256, utf8 } from './bytes.ts'
import { CHECK_SYMBOLS, checkOf, symbolCode, symbolValue } from './crockford.ts'
import { SIGNATURE_BYTES } from './jws.ts'

/** The two objects that people type: a license code and a key certificate. */
export type Prefix = 'LC1' | 'LK1'

/** Body sizes, in bytes. */
export const PLAIN_CODE_BYTES = 36
export const BOUND_CODE_BYTES = 46
export const CERTIFICATE_BYTES = 56

/**
 * The objects of a folded text, one behind the other, still in letters: only at the end of one may the next prefix
 * stand. null when anything else does, or a symbol is U. The length of a license code follows from its flag *bound*,
 * which is the last bit of the third symbol, in every version: a layout of another length takes another prefix.
 */
export function splitObjects(codes: Uint8Array): readonly Uint8Array[] | null {
  const objects: Uint8Array[] = []
  for (let at = 0; at < codes.length; ) {
    const kind = codes[at + 1]
    if (codes[at] !== L || codes[at + 2] !== ONE || (kind !== C && kind !== K)) return null
    const symbols = kind === K ? 197 : symbolValue(codes[at + 5]!) & 1 ? 181 : 165
    const object = codes.subarray(at, at + PREFIX_LENGTH + symbols)
    if (object.length < PREFIX_LENGTH + symbols || object.includes(U, PREFIX_LENGTH)) return null
    objects.push(object)
    at += object.length
  }
  return objects
}

/** What the prefixes are made of, and the one letter that is no symbol. */
const C = 0x43
const K = 0x4b
const L = 0x4c
const U = 0x55
const ONE = 0x31
const PREFIX_LENGTH = 3

/** True for a license code, false for a key certificate. */
export const isCode = (object: Uint8Array): boolean => object[1] === C

/** `LC1-XXXXX-…`: upper case, a dash after every five symbols (contract 1.1). */
export function spell(prefix: Prefix, body: Uint8Array, signature: Uint8Array, sha256: Sha256): string {
  const data = concat(body, signature)
  const digest = sha256(concat(utf8(prefix), data))
  // The data is whole groups, so the check symbols are what its digest goes on with.
  const guarded = concat(data, digest.subarray(0, 4))
  const values = regroup(guarded, 8, 5, roomFor(guarded, 5))
  return prefix + inGroups(values.subarray(0, (data.length * 8) / 5 + CHECK_SYMBOLS))
}

const GROUP = 5
const DASH = 0x2d

/** A dash and five symbols, and again; in one array, since this is done for every code that is sold. */
function inGroups(values: Uint8Array): string {
  const codes = new Uint8Array(values.length + Math.ceil(values.length / GROUP))
  for (let i = 0, at = 0; i < values.length; i++) {
    if (i % GROUP === 0) codes[at++] = DASH
    codes[at++] = symbolCode(values[i]!)
  }
  return readUtf8(codes)!
}

/** An object whose check symbols agree. */
export interface Guarded {
  readonly body: Uint8Array
  readonly signature: Uint8Array
  /** SHA-256(prefix ‖ body ‖ signature): the check symbols are its first 25 bits. */
  readonly digest: Uint8Array
}

/**
 * The parts of an object in letters, or null when its check symbols disagree: a typing error. The bytes take the place
 * of the letters, behind the prefix: a new array would cost as much as the reading.
 */
export function unspell(object: Uint8Array, sha256: Sha256): Guarded | null {
  for (let i = PREFIX_LENGTH; i < object.length; i++) object[i] = symbolValue(object[i]!)
  regroup(object, 5, 8, object, PREFIX_LENGTH)
  // Behind body and signature: what the check symbols make, 25 bits.
  const end = ((object.length - PREFIX_LENGTH - CHECK_SYMBOLS) * 5) / 8 + PREFIX_LENGTH
  const digest = sha256(object.subarray(0, end))
  if (checkOf(digest) !== checkOf(object, end)) return null
  const signature = object.slice(end - SIGNATURE_BYTES, end)
  return { body: object.slice(PREFIX_LENGTH, end - SIGNATURE_BYTES), signature, digest }
}
