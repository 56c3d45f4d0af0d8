import { type Sha256, toHex } from './bytes.ts'
import { putBytes, putHex, putUint, uint, viewOf } from './fields.ts'
import {
  CERTIFICATE_BYTES,
  CHECKPOINTS,
  CODES,
  LISTS,
  PUBLIC_KEY_BYTES,
  SECONDS_PER_MONTH,
  STATEMENTS,
  VERSION,
} from './layout.ts'
import { spell } from './spelling.ts'

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

export const USAGE = { codes: CODES, statements: STATEMENTS, lists: LISTS, checkpoints: CHECKPOINTS } as const

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

/** True when the usages hold this one. Those with an unknown bit, or with checkpoints beside another, are none. */
export const grantsUsage = ({ usages }: KeyCertificate, usage: number): boolean =>
  usages <= CHECKPOINTS && (usages & usage) > 0

/** Of no product in particular, undefined: only what covers every product does. */
export const coversProduct = ({ product }: KeyCertificate, asked: unknown): boolean =>
  product === 0 || product === asked

/** True when a license from `issuedAt` to `paidUntil` (null = perpetual) is no longer than the longest term. */
export const coversTerm = (
  { maxTermMonths }: KeyCertificate,
  issuedAt: number,
  paidUntil: number | null,
): boolean =>
  maxTermMonths === 0 || (paidUntil !== null && paidUntil - issuedAt <= maxTermMonths * SECONDS_PER_MONTH)

/** True for `from` ≤ `issuedAt` < `to`. */
export const inIssuingWindow = ({ from, to }: KeyCertificate, issuedAt: number): boolean =>
  from <= issuedAt && issuedAt < to

/** `inIssuingWindow` of the body of a certificate, which a verifier reads where it stands. */
export const isInWindow = (body: Uint8Array, issuedAt: number): boolean =>
  uint(body, 11, 4) <= issuedAt && issuedAt < uint(body, 15, 4)

/** `grantsUsage`, `coversProduct` and `coversTerm` together, of the body of a certificate. */
export const covers = (
  body: Uint8Array,
  usage: number,
  asked: unknown,
  issuedAt: number,
  paidUntil: number | null,
): boolean => {
  const product = uint(body, 51, 4)
  const months = body[55]!
  return (
    body[10]! <= CHECKPOINTS &&
    (body[10]! & usage) > 0 &&
    (!product || product === asked) &&
    (!months || (paidUntil ?? Infinity) - issuedAt <= months * SECONDS_PER_MONTH)
  )
}

/** The public key in the body of a certificate. */
export const certifiedKey = (body: Uint8Array): Uint8Array => body.slice(19, 51)

/** The kid in a body: of a certificate that of the root key, of a license code that of the signing key. */
export const kidIn = (body: Uint8Array): string => toHex(body.slice(2, 6))

/** True when two certificate bodies differ in nothing but the root that signed, bytes 2–5 (contract 1.2). */
export const sameGrant = (a: Uint8Array, b: Uint8Array): boolean =>
  a.every((byte, i) => byte === b[i] || (i > 1 && i < 6))
