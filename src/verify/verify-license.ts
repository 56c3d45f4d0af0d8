import { type Sha256, toHex } from '../format/bytes.ts'
import { signingInput } from '../format/jws.ts'
import { CODES } from '../format/key-certificate.ts'
import { bindDevice, type LicenseCode, rangesHold } from '../format/license-code.ts'
import type { Reader, SignedCertificate, SignedCode } from '../format/license-text.ts'
import { type EndorsementFault, endorsement, type MetCertificate } from './endorsement.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Reason } from './verdict.ts'

/**
 * Whether a text is the seller's word. `code` beside a refusal is what was read and must not be believed: it is
 * there for one who knows the code from elsewhere, by its digest; null when the text could not be read.
 */
export type Genuineness =
  | { readonly ok: true; readonly code: SignedCode }
  | { readonly ok: false; readonly reason: Reason; readonly code: SignedCode | null }

/** The checks from shape to ranges, in the contract's order (contract 2), of a text with its certificates. */
export function* genuineness(text: string, trust: Trust, sha256: Sha256, reader: Reader): Steps<Genuineness> {
  const read = reader(text, sha256)
  if (typeof read === 'string') return { ok: false, reason: read, code: null }
  const code = read[0]!
  const found = yield* endorsedCode(code, read[1], trust, sha256)
  const reason = typeof found === 'string' ? found : rangesHold(code.value) ? null : 'bad_range'
  return reason === null ? { ok: true, code } : { ok: false, reason, code }
}

/** The checks from key to certificate, in the contract's order (contract 2). */
export function endorsedCode(
  { value, body, signature }: SignedCode,
  certificates: readonly SignedCertificate[],
  trust: Trust,
  sha256: Sha256,
): Steps<MetCertificate | EndorsementFault> {
  const { kid, issuedAt, product, paidUntil } = value
  const message = signingInput(kid, 'lc1', body)
  const object = { kid, message, signature, issuedAt, usage: CODES, product, paidUntil }
  return endorsement(object, certificates, trust, sha256)
}

/**
 * The checks of product and device on a genuine code; a code that is not bound is good on every device. The product
 * undefined asks for no check; a fingerprint that is no text is a device that is not known.
 */
export function misfit(
  { product, binding }: LicenseCode,
  asked: unknown,
  fingerprint: unknown,
  sha256: Sha256,
): 'wrong_product' | 'wrong_device' | null {
  if (asked !== undefined && asked !== product) return 'wrong_product'
  if (binding === null) return null
  const bound = bindDevice(fingerprint, sha256)
  return bound && toHex(bound).startsWith(toHex(binding)) ? null : 'wrong_device'
}
