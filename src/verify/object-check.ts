import type { Sha256 } from '../format/bytes.ts'
import type { RevocationList } from '../format/revocations.ts'
import type { Statement } from '../format/statement.ts'
import { type Attested, attestedList, attestedStatement } from './attestation.ts'
import { clockAt, isAhead } from './clock.ts'
import { certificatesIn } from './combined.ts'
import type { Question } from './options.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { ObjectFault } from './warnings.ts'

/** The claims of a statement or a list that the root vouches for; or why they must not be believed. */
export type Checked<T> =
  | { readonly ok: true; readonly claims: T }
  | { readonly ok: false; readonly reason: ObjectFault }

/** A statement alone; what it means for a license, only a verification of the license says. */
export function* checkStatement(
  text: unknown,
  trust: Trust,
  question: Question,
  sha256: Sha256,
): Steps<Checked<Statement>> {
  const certificates = certificatesIn(question.certificates, sha256)
  const found = yield* attestedStatement(text, certificates, trust, sha256)
  return found.ok ? judged(found, question, found.claims.product) : found
}

/** A revocation list alone. Which product number its code stands for is the caller's word. */
export function* checkList(
  text: unknown,
  trust: Trust,
  question: Question,
  sha256: Sha256,
): Steps<Checked<RevocationList>> {
  const certificates = certificatesIn(question.certificates, sha256)
  const found = yield* attestedList(text, question.product ?? null, certificates, trust, sha256)
  return found.ok ? judged(found, question, question.product) : found
}

function judged<T extends { readonly aud: string; readonly iat: number }>(
  { claims }: Extract<Attested<T>, { ok: true }>,
  { now, product: asked, names }: Question,
  product: number | undefined,
): Checked<T> {
  const isNamed = typeof names?.product !== 'string' || names.product === claims.aud
  if ((asked !== undefined && asked !== product) || !isNamed) return { ok: false, reason: 'wrong_product' }
  const isEarly = isAhead(clockAt(now, undefined, undefined), claims.iat)
  return isEarly ? { ok: false, reason: 'not_yet_valid' } : { ok: true, claims }
}
