import { equalBytes, type Sha256 } from '../format/bytes.ts'
import { signingInput } from '../format/jws.ts'
import { coversProduct, coversTerm, type KeyCertificate, USAGE } from '../format/key-certificate.ts'
import { bindDevice, codeWorksUntil, type LicenseCode, rangesHold } from '../format/license-code.ts'
import { readLicenseText, type SignedObject } from '../format/license-text.ts'
import { type Endorsable, endorsement } from './endorsement.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { GoodStanding, Reason } from './verdict.ts'

/**
 * Whether a text is the seller's word. `code` beside a refusal is what was read and must not be believed: it is
 * there for one who knows the code from elsewhere, by its digest; null when the text could not be read.
 */
export type Genuineness =
  | { readonly ok: true; readonly code: SignedObject<LicenseCode>; readonly certificate: KeyCertificate }
  | { readonly ok: false; readonly reason: Reason; readonly code: SignedObject<LicenseCode> | null }

/**
 * The checks from shape to ranges, in the contract's order (contract 2).
 * `carried` are certificates from elsewhere; they count like those in the text.
 */
export function* genuineness(
  text: unknown,
  carried: readonly SignedObject<KeyCertificate>[],
  trust: Trust,
  sha256: Sha256,
): Steps<Genuineness> {
  if (typeof text !== 'string') return { ok: false, reason: 'malformed', code: null }
  const read = readLicenseText(text, sha256, trust.texts)
  if (!read.ok) return { ok: false, reason: read.reason, code: null }
  const { code, certificates } = read
  const refuse = (reason: Reason): Genuineness => ({ ok: false, reason, code })

  const all = carried.length === 0 ? certificates : [...certificates, ...carried]
  const endorsed = yield* endorsement(endorsable(code), all, trust, sha256)
  if (!endorsed.ok) return refuse(endorsed.reason)
  const { certificate } = endorsed
  return rangesHold(code.value) ? { ok: true, code, certificate } : refuse('bad_range')
}

function endorsable({ value, body, signature }: SignedObject<LicenseCode>): Endorsable {
  const { kid, issuedAt, product, paidUntil } = value
  return {
    kid,
    message: signingInput(kid, 'lc1', body),
    signature,
    issuedAt,
    usage: USAGE.codes,
    covers: (certificate) =>
      coversProduct(certificate, product) && coversTerm(certificate, issuedAt, paidUntil),
  }
}

/** For whom the answer is: undefined asks for no check of the product, null is a device that is not known. */
export interface Asker {
  readonly product: number | undefined
  readonly fingerprint: string | null
}

/** The checks of product and device on a genuine code; a code that is not bound is good on every device. */
export function misfit(
  code: LicenseCode,
  asker: Asker,
  sha256: Sha256,
): 'wrong_product' | 'wrong_device' | null {
  if (asker.product !== undefined && asker.product !== code.product) return 'wrong_product'
  if (code.binding === null) return null
  const bound = asker.fingerprint === null ? null : bindDevice(asker.fingerprint, sha256)
  if (bound === null) return 'wrong_device'
  return equalBytes(bound.subarray(0, code.binding.length), code.binding) ? null : 'wrong_device'
}

/** Clocks of honest machines may differ by this much, seconds (contract 2, "Clock"). */
export const CLOCK_TOLERANCE = 48 * 3600

/**
 * The checks of clock and time on a genuine code. Within the tolerance a clock behind issued at counts as issued
 * at, which makes the code active: its paid end is after its issue. What is not a finite number, as `now` or as
 * build time, is a clock that cannot be believed: `clock_rolled_back`.
 */
export function standingAt(
  code: LicenseCode,
  now: number,
  buildTime: number | undefined,
): GoodStanding | 'clock_rolled_back' | 'not_yet_valid' | 'expired' {
  if (!Number.isFinite(now)) return 'clock_rolled_back'
  if (buildTime !== undefined && !(now >= buildTime - CLOCK_TOLERANCE)) return 'clock_rolled_back'
  if (now < code.issuedAt - CLOCK_TOLERANCE) return 'not_yet_valid'
  return standingUntil(code.paidUntil, codeWorksUntil(code), now)
}

/** Paid, in grace or over, at a time that is believed; null = perpetual in both ends. */
export function standingUntil(
  paidUntil: number | null,
  worksUntil: number | null,
  now: number,
): GoodStanding | 'expired' {
  if (paidUntil === null || now < paidUntil) return 'active'
  return worksUntil === null || now < worksUntil ? 'grace' : 'expired'
}
