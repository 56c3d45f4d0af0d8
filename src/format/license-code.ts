import { isText, isWellFormed, type Sha256, toHex, utf8 } from './bytes.ts'
import { putBytes, putHex, putUint, uint, viewOf } from './fields.ts'
import {
  BINDING_BYTES,
  BOUND,
  BOUND_CODE_BYTES,
  LAST_END,
  PERPETUAL,
  PLAIN_CODE_BYTES,
  SECONDS_PER_DAY,
  TRIAL,
  VERSION,
} from './layout.ts'
import { DEVICE_BYTES } from './limits.ts'
import { spell } from './spelling.ts'

/** What a license code says (contract 1.1). Numbers only: names come from the caller's catalog. */
export interface LicenseCode {
  readonly trial: boolean
  readonly kid: string
  /** 16 lower-case hex digits. */
  readonly licenseId: string
  readonly product: number
  readonly edition: number
  /** 0 = unlimited. */
  readonly seats: number
  /** Unix seconds, as is every time here. */
  readonly issuedAt: number
  /** The first second no longer paid; null = perpetual. */
  readonly paidUntil: number | null
  /** Larger is newer. */
  readonly revision: number
  readonly graceDays: number
  /** 24 bits; the least significant is the product's first feature. */
  readonly features: number
  /** The first 10 bytes of `bindDevice`; null when any device may use it. */
  readonly binding: Uint8Array | null
}

/**
 * The 36 or 46 bytes that are signed. An end later than the field can say becomes its last value,
 * 0xFFFFFFFE. RangeError when another field does not fit.
 */
export function encodeLicenseCode(code: LicenseCode): Uint8Array {
  const body = new Uint8Array(code.binding === null ? PLAIN_CODE_BYTES : BOUND_CODE_BYTES)
  const view = viewOf(body)
  const end = code.paidUntil === null ? PERPETUAL : Math.min(code.paidUntil, LAST_END)
  body[0] = VERSION
  body[1] = (code.trial ? TRIAL : 0) | (code.binding === null ? 0 : BOUND)
  putHex(body, 2, 4, 'kid', code.kid)
  putHex(body, 6, 8, 'license id', code.licenseId)
  putUint(view, 14, 4, 'product', code.product)
  putUint(view, 18, 2, 'edition', code.edition)
  putUint(view, 20, 2, 'seats', code.seats)
  putUint(view, 22, 4, 'issued at', code.issuedAt)
  putUint(view, 26, 4, 'paid until', end)
  putUint(view, 30, 2, 'revision', code.revision)
  putUint(view, 32, 1, 'grace days', code.graceDays)
  putUint(view, 33, 3, 'features', code.features)
  if (code.binding !== null) putBytes(body, PLAIN_CODE_BYTES, BINDING_BYTES, 'binding', code.binding)
  return body
}

/**
 * The fields of a body of 36 bytes, or 46 when its flag *bound* is set; its length is the caller's check.
 * null for another version or an unknown flag. The fields are not judged: see `rangesHold`.
 */
export function decodeLicenseCode(body: Uint8Array): LicenseCode | null {
  const flags = body[1]!
  if (body[0] !== VERSION || flags > (TRIAL | BOUND)) return null
  const end = uint(body, 26, 4)
  return {
    trial: (flags & TRIAL) !== 0,
    kid: toHex(body.subarray(2, 6)),
    licenseId: toHex(body.subarray(6, 14)),
    product: uint(body, 14, 4),
    edition: uint(body, 18, 2),
    seats: uint(body, 20, 2),
    issuedAt: uint(body, 22, 4),
    paidUntil: end === PERPETUAL ? null : end,
    revision: uint(body, 30, 2),
    graceDays: body[32]!,
    features: uint(body, 33, 3),
    binding: (flags & BOUND) === 0 ? null : body.subarray(PLAIN_CODE_BYTES),
  }
}

/** What the end of a code is judged by. */
type Ends = Pick<LicenseCode, 'paidUntil' | 'issuedAt' | 'trial'>

/** False for an end that is not after the issue, and for a perpetual trial (contract 1.1, "Ranges"). */
export const rangesHold = ({ paidUntil, issuedAt, trial }: Ends): boolean =>
  paidUntil === null ? !trial : paidUntil > issuedAt

/** The first second the software no longer works, which may be above 32 bits; null = perpetual. */
export const worksUntil = (paidUntil: number | null, graceDays: number): number | null =>
  paidUntil === null ? null : paidUntil + SECONDS_PER_DAY * graceDays

/** `LC1-XXXXX-…`, what the customer installs. */
export function writeLicenseCode(body: Uint8Array, signature: Uint8Array, sha256: Sha256): string {
  return spell('LC1', body, signature, sha256)
}

/**
 * SHA-256("LC1 bind" 0x00 fingerprint), 32 bytes; a code carries the first 10 of them, a statement all.
 * null unless the fingerprint is a text of 1 to 5,120 bytes of UTF-8 without lone surrogates.
 */
export function bindDevice(fingerprint: unknown, sha256: Sha256): Uint8Array | null {
  const bytes = deviceBytes(fingerprint)
  return bytes && sha256(bytes)
}

/** What `bindDevice` is the hash of. */
export const deviceBytes = (fingerprint: unknown): Uint8Array | null => {
  const isName = isText(fingerprint) && fingerprint && isWellFormed(fingerprint)
  const bytes = isName && utf8(`LC1 bind\0${fingerprint}`)
  return bytes && bytes.length <= DEVICE_BYTES ? bytes : null
}
