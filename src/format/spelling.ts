import { regroup, roomFor } from './bits.ts'
import { concat, readUtf8, type Sha256, utf8 } from './bytes.ts'
import { symbolCode, symbolValue } from './crockford.ts'
import { uint } from './fields.ts'
import {
  BOUND_CODE_LETTERS,
  CERTIFICATE_LETTERS,
  CHECK_SYMBOLS,
  DASH,
  LC1,
  LK1,
  PLAIN_CODE_LETTERS,
  PREFIX_LENGTH,
  SIGNATURE_BYTES,
  U,
} from './layout.ts'

/** The two objects that people type: a license code and a key certificate. */
export type Prefix = 'LC1' | 'LK1'

/** The license codes and the certificates of a text, each in letters. */
export type Split = readonly [codes: readonly Uint8Array[], certificates: readonly Uint8Array[]]

/**
 * The objects of a folded text, one behind the other: only at the end of one may the next prefix stand. null when
 * anything else does, or a symbol is U. The length of a license code follows from its flag *bound*, which is the last
 * bit of the third symbol, in every version: a layout of another length takes another prefix.
 */
export function splitObjects(letters: Uint8Array): Split | null {
  const codes: Uint8Array[] = []
  const certificates: Uint8Array[] = []
  for (let at = 0; at < letters.length; ) {
    const prefix = uint(letters, at, PREFIX_LENGTH)
    const isBound = symbolValue(letters[at + 5]!) & 1
    const codeLength = isBound ? BOUND_CODE_LETTERS : PLAIN_CODE_LETTERS
    const length = prefix === LK1 ? CERTIFICATE_LETTERS : codeLength
    const object = letters.subarray(at, at + length)
    at += length
    const isWhole = prefix === LK1 || prefix === LC1
    if (!isWhole || at > letters.length || object.includes(U, PREFIX_LENGTH)) return null
    const kind = prefix === LK1 ? certificates : codes
    kind.push(object)
  }
  return [codes, certificates]
}

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

/** A dash and five symbols, and again; in one array, since this is done for every code that is sold. */
function inGroups(values: Uint8Array): string {
  const codes = new Uint8Array(values.length + Math.ceil(values.length / GROUP))
  for (let i = 0, at = 0; i < values.length; i++) {
    if (i % GROUP === 0) codes[at++] = DASH
    codes[at++] = symbolCode(values[i]!)
  }
  return readUtf8(codes)!
}

/** An object whose check symbols agree; nothing of it is believed. */
export type Guarded = readonly [
  body: Uint8Array,
  signature: Uint8Array,
  /** SHA-256(prefix ‖ body ‖ signature): the check symbols are its first 25 bits. */
  digest: Uint8Array,
]

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
  if ((uint(digest, 0, 4) ^ uint(object, end, 4)) >>> 7) return null
  const mark = end - SIGNATURE_BYTES
  return [object.slice(PREFIX_LENGTH, mark), object.slice(mark, end), digest]
}
