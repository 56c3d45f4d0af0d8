import type { Kind } from '../format/spoken.ts'
import { attested, misfitOf, type Spoken } from './attestation.ts'
import { clockAt } from './clock.ts'
import { certificatesIn } from './judging.ts'
import { readOptions } from './options.ts'
import type { Steps } from './steps.ts'
import { type TrustMemory, trustIn } from './trust.ts'
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
): Steps<Checked<T>> {
  const [now, product, [code], , , certificates] = readOptions(options)
  const [trust] = yield* trustIn(input, memory)
  const found = yield* attested(kind, text, product, yield* certificatesIn(certificates), trust)
  if (typeof found === 'string') return { ok: false, reason: found }
  const [claims] = found
  const reason = misfitOf(claims, undefined, product, code, clockAt(now, -Infinity), false)
  return reason ? { ok: false, reason } : { ok: true, claims }
}
