import type { Sha256 } from '../format/bytes.ts'
import type { Kind } from '../format/spoken.ts'
import { attested, misfitOf, type Spoken } from './attestation.ts'
import { clockAt } from './clock.ts'
import { certificatesIn } from './judging.ts'
import { readOptions } from './options.ts'
import type { Steps } from './steps.ts'
import { openTrust, type TrustMemory } from './trust.ts'
import type { ObjectFault } from './warnings.ts'

/** The claims of a statement or a list that the root vouches for; or why they must not be believed. */
export type Checked<T> =
  | { readonly ok: true; readonly claims: T }
  | { readonly ok: false; readonly reason: ObjectFault }

/**
 * A statement or a list alone; what it means for a license, only a verification of the license says. Which product
 * number the code in a list stands for is the caller's word.
 */
export function* checkObject<T extends Spoken>(
  kind: Kind<T>,
  [text, input, options]: readonly [text: unknown, trust: unknown, options: unknown],
  memory: TrustMemory,
  sha256: Sha256,
): Steps<Checked<T>> {
  const [now, product, [code], , , certificates] = readOptions(options)
  const { trust } = yield* openTrust(input, memory, sha256)
  const found = yield* attested(kind, text, product, certificatesIn(certificates, sha256), trust, sha256)
  if (typeof found === 'string') return { ok: false, reason: found }
  const [claims] = found
  const reason = misfitOf(claims, undefined, product, code, clockAt(now), false)
  return reason ? { ok: false, reason } : { ok: true, claims }
}
