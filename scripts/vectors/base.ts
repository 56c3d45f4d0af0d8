import { keyOf, type VectorKey } from './keys.ts'
import {
  type CertificateFields,
  type CodeFields,
  certificate,
  certificateBody,
  code,
  codeBody,
  spelled,
} from './objects.ts'

/** The license that the vectors vary: a year of edition 2 of product 1001 for 50 seats. */

export const DAY = 86_400
/** 2026-01-01T00:00:00Z */
export const ISSUED = 1_767_225_600
/** 2027-01-01T00:00:00Z */
export const PAID_UNTIL = 1_798_761_600
/** 2026-07-01T00:00:00Z */
export const NOW = 1_782_864_000
export const GRACE_DAYS = 15
export const FINGERPRINT = 'device-42'

export const ROOT = keyOf('root')
export const SIGNER = keyOf('signer')
/** Nobody trusts it. */
export const STRANGER = keyOf('stranger')
export const QUORUM = [keyOf('root a'), keyOf('root b'), keyOf('root c')] as const

export const FLAG = { trial: 1, bound: 2 } as const
export const PERPETUAL = 0xffffffff

export function fields(over: Partial<CodeFields> = {}): CodeFields {
  return {
    version: 1,
    flags: 0,
    kid: SIGNER.kid,
    license_id: '5f2c9d0b7a11e384',
    product_id: 1001,
    edition_id: 2,
    seats: 50,
    issued_at: ISSUED,
    paid_until: PAID_UNTIL,
    revision: 7,
    grace_days: GRACE_DAYS,
    features: 0b101,
    bind_hex: '',
    ...over,
  }
}

export const lc1 = (over: Partial<CodeFields> = {}, key: VectorKey = SIGNER): string =>
  code(key, fields(over))

/** A code whose signature is nobody's: for shapes that are refused before a signature is looked at. */
export const unsigned = (over: Partial<CodeFields>): string =>
  spelled('LC1', Buffer.concat([codeBody(fields(over)), Buffer.alloc(64, 0x5a)]))

/** By default for `SIGNER`, for codes of every product and any term, from a month before ISSUED to PAID_UNTIL. */
export function grant(over: Partial<CertificateFields> = {}): CertificateFields {
  return {
    version: 1,
    flags: 0,
    root_kid: ROOT.kid,
    serial: 1,
    usages: 1,
    from: ISSUED - 31 * DAY,
    to: PAID_UNTIL,
    x: SIGNER.x,
    product_id: 0,
    max_term_months: 0,
    ...over,
  }
}

/** Signed by `root`, whose kid it names. */
export const lk1 = (over: Partial<CertificateFields> = {}, root: VectorKey = ROOT): string =>
  certificate(root, grant({ root_kid: root.kid, ...over }))

/** As `unsigned`, for a certificate. */
export const unsignedGrant = (over: Partial<CertificateFields>): string =>
  spelled('LK1', Buffer.concat([certificateBody(grant(over)), Buffer.alloc(64, 0x5a)]))

/** The text with the symbol at `at` (dashes counted) replaced by the next one of the alphabet. */
export function mistype(text: string, at: number): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const next = alphabet[(alphabet.indexOf(text[at]!) + 1) % 32]!
  return text.slice(0, at) + next + text.slice(at + 1)
}
