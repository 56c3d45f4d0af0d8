import { unspell } from './bits.ts'
import { concat, readUtf8, type Sha256, toHex, utf8 } from './bytes.ts'
import { SYMBOL_VALUES, symbolCode } from './crockford.ts'
import { uint } from './fields.ts'
import {
  BOUND_CODE_LETTERS,
  CERTIFICATE_LETTERS,
  CHECK_SYMBOLS,
  DASH,
  LC1,
  LETTERS_BESIDE,
  LK1,
  PLAIN_CODE_LETTERS,
  PREFIX_LENGTH,
  SIGNATURE_BYTES,
} from './layout.ts'
import { CERTIFICATES_PER_TEXT } from './limits.ts'
import { regroup } from './regroup.ts'
import type { Steps } from './steps.ts'

/** The two objects that people type: a license code and a key certificate. */
export type Prefix = 'LC1' | 'LK1'

/**
 * The objects of a folded text in letters, one behind the other, the license code first: only at the end of one may
 * the next prefix stand. None when anything else does, there are more or less than `most` codes, or over 16
 * certificates. The length of a license code follows from its flag *bound*, which is the last bit of the third symbol,
 * in every version: a layout of another length takes another prefix.
 */
export const splitObjects = (letters: Uint8Array, most: 0 | 1): readonly Uint8Array[] => {
  const codes: Uint8Array[] = []
  const certificates: Uint8Array[] = []
  let at = 0
  while (at < letters.length) {
    const prefix = uint(letters, at, PREFIX_LENGTH)
    const isBound = SYMBOL_VALUES[letters[at + 5]!]! & 1
    const codeLength = isBound ? BOUND_CODE_LETTERS : PLAIN_CODE_LETTERS
    // What has no such prefix ends nowhere.
    const length = prefix === LC1 ? codeLength : prefix === LK1 ? CERTIFICATE_LETTERS : Infinity
    const list = prefix === LK1 ? certificates : codes
    list.push(letters.subarray(at, at + length))
    at += length
  }
  return at === letters.length && codes.length === most && certificates.length <= CERTIFICATES_PER_TEXT
    ? [...codes, ...certificates]
    : []
}

/** `LC1-XXXXX-…`: upper case, a dash after every five symbols (contract 1.1). */
export function spell(prefix: Prefix, body: Uint8Array, signature: Uint8Array, sha256: Sha256): string {
  const data = concat(body, signature)
  const digest = sha256(concat(utf8(prefix), data))
  // The data is whole groups, so the check symbols are what its digest goes on with.
  const values = regroup(concat(data, digest.subarray(0, 4)), 8, 5)
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
  /** The digest as a text: what was found out about the object is kept under that name. */
  name: string,
]

/**
 * The parts of an object in letters, or null when its check symbols disagree: a typing error. The bytes take the place
 * of the letters, behind the prefix: a new array would cost as much as the reading.
 */
export function* guarded(letters: Uint8Array): Steps<Guarded | null> {
  const object = unspell(letters, SYMBOL_VALUES, 5, PREFIX_LENGTH)
  // Behind body and signature: what the check symbols make, 25 bits.
  const end = ((object.length - LETTERS_BESIDE) * 5) / 8 + PREFIX_LENGTH
  const mark = end - SIGNATURE_BYTES
  const digest = (yield [object.subarray(0, end)]) as Uint8Array
  return (uint(digest, 0, 4) ^ uint(object, end, 4)) >>> 7
    ? null
    : [object.subarray(PREFIX_LENGTH, mark), object.subarray(mark, end), digest, toHex(digest)]
}
