import { sha256, type VectorKey } from './keys.ts'

/**
 * Writes the objects of contract 1 in the plainest way: text and big numbers, no code of the product. So the
 * vectors are a second implementation's word.
 */

/** The numbers of a license code as they stand in its bytes. */
export interface CodeFields {
  readonly version: number
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
  readonly bind_hex: string
}

export interface CertificateFields {
  readonly version: number
  readonly flags: number
  readonly root_kid: string
  readonly serial: number
  readonly usages: number
  readonly from: number
  readonly to: number
  readonly x: string
  readonly product_id: number
  readonly max_term_months: number
}

const int = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0')

export function codeBody(f: CodeFields): Buffer {
  const head = int(f.version, 1) + int(f.flags, 1) + f.kid + f.license_id
  const what = int(f.product_id, 4) + int(f.edition_id, 2) + int(f.seats, 2)
  const when = int(f.issued_at, 4) + int(f.paid_until, 4) + int(f.revision, 2) + int(f.grace_days, 1)
  return Buffer.from(head + what + when + int(f.features, 3) + f.bind_hex, 'hex')
}

export function certificateBody(f: CertificateFields): Buffer {
  const head = int(f.version, 1) + int(f.flags, 1) + f.root_kid + int(f.serial, 4)
  const grant =
    int(f.usages, 1) + int(f.from, 4) + int(f.to, 4) + Buffer.from(f.x, 'base64url').toString('hex')
  return Buffer.from(head + grant + int(f.product_id, 4) + int(f.max_term_months, 1), 'hex')
}

const base64url = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64url')

export function header(kid: string, typ: string): string {
  return base64url(`{"alg":"EdDSA","kid":"${kid}","typ":"${typ}"}`)
}

export function jwsInput(kid: string, typ: string, body: string | Uint8Array): string {
  return `${header(kid, typ)}.${base64url(body)}`
}

export function compact(key: VectorKey, typ: string, body: string | Uint8Array, kid = key.kid): string {
  const input = jwsInput(kid, typ, body)
  return `${input}.${base64url(key.sign(input))}`
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Base 32 of a number of a known width in symbols. */
export function symbols(value: bigint, width: number): string {
  const digits = value.toString(32).padStart(width, '0')
  return [...digits].map((digit) => ALPHABET[Number.parseInt(digit, 32)]).join('')
}

export function check(prefix: string, bytes: Uint8Array): string {
  const digest = BigInt(`0x${sha256(prefix, bytes).toString('hex')}`)
  return symbols(digest >> 231n, 5)
}

/** `prefix`, the bytes and their check symbols; the bytes may be anything of the right length. */
export function spelled(prefix: string, bytes: Uint8Array, checkSymbols = check(prefix, bytes)): string {
  const data = symbols(BigInt(`0x${Buffer.from(bytes).toString('hex')}`), (bytes.length * 8) / 5)
  return [prefix, ...(data + checkSymbols).match(/.{1,5}/g)!].join('-')
}

/** A license code, signed by `key`; `kid` may claim another. */
export function code(key: VectorKey, fields: CodeFields): string {
  const body = codeBody(fields)
  return spelled('LC1', Buffer.concat([body, key.sign(jwsInput(fields.kid, 'lc1', body))]))
}

export function certificate(root: VectorKey, fields: CertificateFields): string {
  const body = certificateBody(fields)
  return spelled('LK1', Buffer.concat([body, root.sign(jwsInput(fields.root_kid, 'lk1', body))]))
}

/** A root manifest as JWS general JSON. */
export function manifest(payload: object, signers: readonly VectorKey[]): object {
  const text = JSON.stringify(payload)
  return {
    payload: base64url(text),
    signatures: signers.map((key) => ({
      protected: header(key.kid, 'licet-root+json'),
      signature: base64url(key.sign(jwsInput(key.kid, 'licet-root+json', text))),
    })),
  }
}

/** The fingerprint's first 10 bytes as hex. */
export function binding(fingerprint: string): string {
  return sha256('LC1 bind\0', fingerprint).toString('hex', 0, 10)
}
