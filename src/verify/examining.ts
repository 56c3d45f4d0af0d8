import { isText } from '../format/bytes.ts'
import { signingInput } from '../format/jws.ts'
import { CODES, PLAIN_CODE_BYTES } from '../format/layout.ts'
import { deviceBytes, rangesHold } from '../format/license-code.ts'
import type { Objects, TextFault } from '../format/objects.ts'
import type { Guarded } from '../format/spelling.ts'
import { endorsement } from './endorsement.ts'
import { factsOf, productIn } from './names.ts'
import type { Question } from './options.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import { type LicenseFacts, type Verdict, verdictOf } from './verdict.ts'

/** What a genuine code says, the x of the key that signed it, and the number of its product. */
export type Vouched = readonly [facts: LicenseFacts, key: string, product: number]

/** The checks from key to device, in the contract's order (contract 2): what they found, or the verdict. */
export function* examined(
  read: TextFault | Objects,
  carried: readonly Guarded[],
  trust: Trust,
  [, asked, names, fingerprint]: Question,
): Steps<Vouched | Verdict> {
  if (isText(read)) return verdictOf(read)
  const [code, own] = read
  const [body, signature] = code!
  const product = productIn(body)
  const facts = factsOf(body, asked === product ? names : [])
  const { kid, issuedAt, paidUntil } = facts
  const found = yield* endorsement(
    [kid, signingInput(kid, 'lc1', body), signature, CODES, product, issuedAt, paidUntil],
    [...own, ...carried],
    trust,
  )
  if (isText(found)) return verdictOf(found)
  if (!rangesHold(facts)) return verdictOf('bad_range')
  // The product undefined asks for no check.
  if (asked !== undefined && asked !== product) return verdictOf('wrong_product', facts)
  return (yield* fits(body, fingerprint)) ? [facts, found[1], product] : verdictOf('wrong_device', facts)
}

/**
 * Whether the body of a genuine code is good on a device; one that is not bound is good on every device, and a
 * fingerprint that is no text is a device that is not known.
 */
export function* fits(body: Uint8Array, fingerprint: unknown): Steps<boolean> {
  const binding = body.slice(PLAIN_CODE_BYTES)
  const bytes = binding.length && deviceBytes(fingerprint)
  const own = bytes ? ((yield [bytes]) as Uint8Array) : []
  return binding.every((byte, i) => byte === own[i])
}
