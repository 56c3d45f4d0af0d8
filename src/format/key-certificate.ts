import { equalBytes, type Sha256, toHex } from './bytes.ts'
import { putBytes, putHex, putUint, uint, viewOf } from './fields.ts'
import { PUBLIC_KEY_BYTES } from './jws.ts'
import { CERTIFICATE_BYTES, spell } from './spelling.ts'

/** The root's word on what a key may sign, for which products, how long and when (contract 1.2). */
export interface KeyCertificate {
  /** The root key that signed this certificate. */
  readonly rootKid: string
  readonly serial: number
  /** Bits of `USAGE`. */
  readonly usages: number
  /** First second of the issuing window. */
  readonly from: number
  /** First second after the issuing window. */
  readonly to: number
  readonly publicKey: Uint8Array
  /** 0 = every product. */
  readonly product: number
  /** Months of 31 days from issued at to paid until; 0 = any, perpetual included. */
  readonly maxTermMonths: number
}

export const CODES = 1
export const STATEMENTS = 2
export const LISTS = 4
const CHECKPOINTS = 8

export const USAGE = { codes: CODES, statements: STATEMENTS, lists: LISTS, checkpoints: CHECKPOINTS } as const

const VERSION = 1
const SECONDS_PER_MONTH = 31 * 86_400

/** The 56 bytes that are signed. RangeError when a field does not fit. */
export function encodeKeyCertificate(certificate: KeyCertificate): Uint8Array {
  const body = new Uint8Array(CERTIFICATE_BYTES)
  const view = viewOf(body)
  body[0] = VERSION
  putHex(body, 2, 4, 'root kid', certificate.rootKid)
  putUint(view, 6, 4, 'serial', certificate.serial)
  putUint(view, 10, 1, 'usages', certificate.usages)
  putUint(view, 11, 4, 'from', certificate.from)
  putUint(view, 15, 4, 'to', certificate.to)
  putBytes(body, 19, PUBLIC_KEY_BYTES, 'public key', certificate.publicKey)
  putUint(view, 51, 4, 'product', certificate.product)
  putUint(view, 55, 1, 'longest term', certificate.maxTermMonths)
  return body
}

/** The fields of a body of 56 bytes; its length is the caller's check. null for another version or any flag. */
export function decodeKeyCertificate(body: Uint8Array): KeyCertificate | null {
  if (body[0] !== VERSION || body[1] !== 0) return null
  return {
    rootKid: toHex(body.subarray(2, 6)),
    serial: uint(body, 6, 4),
    usages: body[10]!,
    from: uint(body, 11, 4),
    to: uint(body, 15, 4),
    publicKey: body.subarray(19, 51),
    product: uint(body, 51, 4),
    maxTermMonths: body[55]!,
  }
}

/** `LK1-XXXXX-…` */
export function writeKeyCertificate(body: Uint8Array, signature: Uint8Array, sha256: Sha256): string {
  return spell('LK1', body, signature, sha256)
}

/**
 * True when the certificate grants this usage. A certificate with an unknown usage bit, or with checkpoints
 * beside another usage, grants none.
 */
export function grantsUsage({ usages }: KeyCertificate, usage: number): boolean {
  return usages <= CHECKPOINTS && (usages & usage) !== 0
}

/** Of no product in particular, undefined: only what covers every product does. */
export function coversProduct({ product }: KeyCertificate, asked: unknown): boolean {
  return product === 0 || product === asked
}

/** True when a license from `issuedAt` to `paidUntil` (null = perpetual) is no longer than the longest term. */
export function coversTerm(
  { maxTermMonths }: KeyCertificate,
  issuedAt: number,
  paidUntil: number | null,
): boolean {
  if (maxTermMonths === 0) return true
  return paidUntil !== null && paidUntil - issuedAt <= maxTermMonths * SECONDS_PER_MONTH
}

/** True for `from` ≤ `issuedAt` < `to`. */
export function inIssuingWindow({ from, to }: KeyCertificate, issuedAt: number): boolean {
  return from <= issuedAt && issuedAt < to
}

/** True when two certificate bodies differ in nothing but the root that signed, bytes 2–5 (contract 1.2). */
export function sameGrant(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytes(a.subarray(0, 2), b.subarray(0, 2)) && equalBytes(a.subarray(6), b.subarray(6))
}
