import type { Sha256 } from '../format/bytes.ts'
import type { RevocationList } from '../format/revocations.ts'
import type { Statement } from '../format/statement.ts'
import { type Attested, attestedList, attestedStatement } from './attestation.ts'
import { clockAt, isAhead } from './clock.ts'
import { isNamed } from './hearing.ts'
import { certificatesIn } from './judging.ts'
import { type Question, readOptions } from './options.ts'
import type { Steps } from './steps.ts'
import { type TrustMemory, trustIn } from './trust.ts'
import type { ObjectFault } from './warnings.ts'

/** The claims of a statement or a list that the root vouches for; or why they must not be believed. */
export type Checked<T> =
  | { readonly ok: true; readonly claims: T }
  | { readonly ok: false; readonly reason: ObjectFault }

/** A statement alone; what it means for a license, only a verification of the license says. */
export function* checkStatement(
  text: unknown,
  input: unknown,
  options: unknown,
  memory: TrustMemory,
  sha256: Sha256,
): Steps<Checked<Statement>> {
  const question = readOptions(options)
  const trust = yield* trustIn(input, memory, sha256)
  const found = yield* attestedStatement(text, certificatesIn(question[5], sha256), trust, sha256)
  return judged(found, question, ({ product }) => product)
}

/** A revocation list alone. Which product number its code stands for is the caller's word. */
export function* checkList(
  text: unknown,
  input: unknown,
  options: unknown,
  memory: TrustMemory,
  sha256: Sha256,
): Steps<Checked<RevocationList>> {
  const question = readOptions(options)
  const product = question[1]
  const trust = yield* trustIn(input, memory, sha256)
  const found = yield* attestedList(text, product, certificatesIn(question[5], sha256), trust, sha256)
  return judged(found, question, () => product)
}

function judged<T extends { readonly aud: string; readonly iat: number }>(
  found: Attested<T>,
  [now, asked, names]: Question,
  productOf: (claims: T) => unknown,
): Checked<T> {
  if (typeof found === 'string') return { ok: false, reason: found }
  const [claims] = found
  const isAsked = (asked === undefined || asked === productOf(claims)) && isNamed(claims.aud, names?.[0])
  if (!isAsked) return { ok: false, reason: 'wrong_product' }
  return isAhead(clockAt(now), claims.iat) ? { ok: false, reason: 'not_yet_valid' } : { ok: true, claims }
}
