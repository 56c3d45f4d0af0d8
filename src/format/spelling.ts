import { equalBytes, type Sha256, utf8 } from './bytes.ts'
import {
  CHECK_SYMBOLS,
  checkOf,
  readCheck,
  readSymbols,
  symbolCount,
  symbolValue,
  writeCheck,
  writeSymbols,
} from './crockford.ts'
import { SIGNATURE_BYTES } from './jws.ts'

/** The two objects that people type: a license code and a key certificate. */
export type Prefix = 'LC1' | 'LK1'

const PREFIX: Readonly<Record<Prefix, Uint8Array>> = { LC1: utf8('LC1'), LK1: utf8('LK1') }
const PREFIX_LENGTH = 3

/** Body sizes, in bytes. */
export const PLAIN_CODE_BYTES = 36
export const BOUND_CODE_BYTES = 46
export const CERTIFICATE_BYTES = 56

/** An object as it was typed. Nothing of it is believed: not even the check symbols were compared. */
export interface Spelled {
  readonly prefix: Prefix
  /** Prefix, body and signature in one piece: what the check symbols are made from. */
  readonly guarded: Uint8Array
  readonly check: number
  /** Position after its last symbol. */
  readonly end: number
}

/** `LC1-XXXXX-…`: upper case, a dash after every five symbols (contract 1.1). */
export function spell(prefix: Prefix, body: Uint8Array, signature: Uint8Array, sha256: Sha256): string {
  const guarded = new Uint8Array(PREFIX_LENGTH + body.length + signature.length)
  guarded.set(PREFIX[prefix])
  guarded.set(body, PREFIX_LENGTH)
  guarded.set(signature, PREFIX_LENGTH + body.length)
  const symbols = writeSymbols(guarded.subarray(PREFIX_LENGTH)) + writeCheck(checkOf(sha256(guarded)))
  return `${prefix}-${symbols.match(/.{1,5}/g)!.join('-')}`
}

/**
 * Reads the object whose prefix stands at `from`. null when none does, or it is cut short or holds U. Its bytes
 * take the place of its symbols in `codes`, behind the prefix that stands there already: they are fewer, so
 * nothing is overwritten before it was read, and a new array would cost as much as the reading.
 */
export function unspell(codes: Uint8Array, from: number): Spelled | null {
  const prefix = prefixAt(codes, from)
  if (prefix === null) return null
  const start = from + PREFIX_LENGTH
  const length = bodyLength(prefix, codes, start) + SIGNATURE_BYTES
  const checkAt = start + symbolCount(length)
  const check = readCheck(codes, checkAt)
  if (check === null) return null
  const guarded = codes.subarray(from, start + length)
  if (!readSymbols(codes, start, guarded, PREFIX_LENGTH)) return null
  return { prefix, guarded, check, end: checkAt + CHECK_SYMBOLS }
}

/** An object whose check symbols agree. */
export interface Guarded {
  readonly prefix: Prefix
  readonly body: Uint8Array
  readonly signature: Uint8Array
  readonly digest: Uint8Array
}

/** The parts of the object, or null when its check symbols disagree: a typing error. */
export function checked(spelled: Spelled, sha256: Sha256): Guarded | null {
  const { prefix, guarded, check } = spelled
  const digest = sha256(guarded)
  if (checkOf(digest) !== check) return null
  const split = guarded.length - SIGNATURE_BYTES
  return { prefix, body: guarded.subarray(PREFIX_LENGTH, split), signature: guarded.subarray(split), digest }
}

function prefixAt(codes: Uint8Array, at: number): Prefix | null {
  const found = codes.subarray(at, at + PREFIX_LENGTH)
  if (equalBytes(found, PREFIX.LC1)) return 'LC1'
  return equalBytes(found, PREFIX.LK1) ? 'LK1' : null
}

/**
 * The length of a license code follows from its flag *bound*, which is the last bit of the third symbol.
 * It does so in every version: a layout of another length takes another prefix.
 */
function bodyLength(prefix: Prefix, codes: Uint8Array, start: number): number {
  if (prefix === 'LK1') return CERTIFICATE_BYTES
  const third = symbolValue(codes, start + 2)
  return third !== null && (third & 1) === 1 ? BOUND_CODE_BYTES : PLAIN_CODE_BYTES
}
