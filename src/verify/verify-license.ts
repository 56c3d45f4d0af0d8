import { equalBytes, type Sha256 } from '../format/bytes.ts'
import { signingInput } from '../format/jws.ts'
import {
  coversProduct,
  coversTerm,
  grantsUsage,
  inIssuingWindow,
  type KeyCertificate,
  USAGE,
} from '../format/key-certificate.ts'
import { bindDevice, codeWorksUntil, type LicenseCode, rangesHold } from '../format/license-code.ts'
import { readLicenseText, type SignedObject } from '../format/license-text.ts'
import { grantsTo, type MetCertificate } from './certification.ts'
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
 * The checks from shape to ranges, in the contract's order (contract 2). Where several certificates or keys
 * share the code's kid, each check keeps those that pass it: the refusal is that of the one which came furthest.
 * `carried` are certificates from elsewhere; they count like those in the text.
 */
export function* genuineness(
  text: unknown,
  carried: readonly SignedObject<KeyCertificate>[],
  trust: Trust,
  sha256: Sha256,
): Steps<Genuineness> {
  if (typeof text !== 'string') return { ok: false, reason: 'malformed', code: null }
  const read = readLicenseText(text, sha256)
  if (!read.ok) return { ok: false, reason: read.reason, code: null }
  const { code, certificates } = read
  const refuse = (reason: Reason): Genuineness => ({ ok: false, reason, code })

  const all = carried.length === 0 ? certificates : [...certificates, ...carried]
  const granted = yield* grantsTo(code.value.kid, all, trust, sha256)
  if (granted.length === 0) return refuse('unknown_key')
  const standing = granted.filter((one) => !one.revoked)
  if (standing.length === 0) return refuse('key_revoked')
  const signing = yield* signersOf(code, standing)
  if (signing.length === 0) return refuse('bad_signature')
  const open = signing.filter(({ certificate }) => inIssuingWindow(certificate, code.value.issuedAt))
  if (open.length === 0) return refuse('outside_issuing_window')
  const found = open.find(({ certificate }) => covers(certificate, code.value))
  if (found === undefined) return refuse('not_certified')
  return rangesHold(code.value) ? { ok: true, code, certificate: found.certificate } : refuse('bad_range')
}

/** The grants whose key signed the code; each key is asked once, however many grants it has. */
function* signersOf(
  { value, body, signature }: SignedObject<LicenseCode>,
  grants: readonly MetCertificate[],
): Steps<readonly MetCertificate[]> {
  const message = signingInput(value.kid, 'lc1', body)
  const signing: MetCertificate[] = []
  const asked: MetCertificate[] = []
  for (const grant of grants) {
    const { publicKey } = grant.certificate
    const isSame = (other: MetCertificate) => equalBytes(other.certificate.publicKey, publicKey)
    const signed = asked.some(isSame) ? signing.some(isSame) : yield { publicKey, message, signature }
    asked.push(grant)
    if (signed) signing.push(grant)
  }
  return signing
}

function covers(certificate: KeyCertificate, code: LicenseCode): boolean {
  return (
    grantsUsage(certificate, USAGE.codes) &&
    coversProduct(certificate, code.product) &&
    coversTerm(certificate, code.issuedAt, code.paidUntil)
  )
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
const CLOCK_TOLERANCE = 48 * 3600

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
  if (code.paidUntil === null || now < code.paidUntil) return 'active'
  return now < codeWorksUntil(code)! ? 'grace' : 'expired'
}
