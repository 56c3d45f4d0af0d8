import type { Sha256 } from '../format/bytes.ts'
import { signingInput } from '../format/jws.ts'
import { CODES, PLAIN_CODE_BYTES } from '../format/layout.ts'
import { bindDevice, rangesHold } from '../format/license-code.ts'
import type { NamedCertificate } from '../format/license-text.ts'
import type { Guarded } from '../format/spelling.ts'
import { endorsement } from './endorsement.ts'
import { factsOf, productIn } from './names.ts'
import type { Names } from './options.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { LicenseFacts, Reason } from './verdict.ts'

/** What a genuine code says, the x of the key that signed it, and the number of its product. */
export type Vouched = readonly [facts: LicenseFacts, key: string, product: number]

/** The checks from key to ranges, in the contract's order (contract 2). */
export function* vouched(
  [body, signature]: Guarded,
  certificates: readonly NamedCertificate[],
  names: Names,
  trust: Trust,
  sha256: Sha256,
): Steps<Vouched | Reason> {
  const facts = factsOf(body, names)
  const { kid, issuedAt, paidUntil } = facts
  const product = productIn(body)
  const found = yield* endorsement(
    [kid, signingInput(kid, 'lc1', body), signature, CODES, product, issuedAt, paidUntil],
    certificates,
    trust,
    sha256,
  )
  if (typeof found === 'string') return found
  return rangesHold(facts) ? [facts, found[1], product] : 'bad_range'
}

/**
 * The checks of product and device on the body of a genuine code; one that is not bound is good on every device. The
 * product undefined asks for no check; a fingerprint that is no text is a device that is not known.
 */
export function misfit(
  body: Uint8Array,
  asked: unknown,
  fingerprint: unknown,
  sha256: Sha256,
): 'wrong_product' | 'wrong_device' | null {
  if (asked !== undefined && asked !== productIn(body)) return 'wrong_product'
  const binding = body.subarray(PLAIN_CODE_BYTES)
  if (!binding.length) return null
  const own = bindDevice(fingerprint, sha256)
  return own && binding.every((byte, i) => byte === own[i]) ? null : 'wrong_device'
}
