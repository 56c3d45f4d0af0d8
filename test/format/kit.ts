import { createHash, createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))

/** A file of `test/vectors`. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

// PKCS #8 of an Ed25519 key is this prefix and the 32 bytes of its seed (RFC 8410 7).
const PKCS8_PREFIX = '302e020100300506032b657004220420'

export function signWithSeed(seedHex: string, message: Uint8Array): Uint8Array {
  const key = createPrivateKey({
    key: Buffer.from(PKCS8_PREFIX + seedHex, 'hex'),
    format: 'der',
    type: 'pkcs8',
  })
  return new Uint8Array(sign(null, message, key))
}

/** The numbers of a license code as vector files write them. */
export interface CodeVectorFields {
  readonly flags: number
  readonly kid: string
  readonly license_id: string
  readonly product_id: number
  readonly edition_id: number
  readonly seats: number
  readonly issued_at: number
  readonly paid_until: number
  readonly revision: number
  readonly grace_days: number
  readonly features: number
  readonly bind_hex: string | null
}

/** What the product makes of such numbers, written out a second time. */
export function codeOf(fields: CodeVectorFields) {
  return {
    trial: fields.flags === 1 || fields.flags === 3,
    kid: fields.kid,
    licenseId: fields.license_id,
    product: fields.product_id,
    edition: fields.edition_id,
    seats: fields.seats,
    issuedAt: fields.issued_at,
    paidUntil: fields.paid_until === 4_294_967_295 ? null : fields.paid_until,
    revision: fields.revision,
    graceDays: fields.grace_days,
    features: fields.features,
    binding: fields.bind_hex ? bytes(fields.bind_hex) : null,
  }
}
