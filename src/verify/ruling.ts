import { encodeBase64url } from '../format/base64url.ts'
import { deviceBytes } from '../format/license-code.ts'
import type { Statement } from '../format/statement.ts'
import type { Case, Heard } from './hearing.ts'
import { standingAt, timeFor } from './standing.ts'
import type { Steps } from './steps.ts'
import { newestIn } from './trust.ts'
import { type LicenseFacts, type Verdict, verdictOf } from './verdict.ts'
import type { Voice } from './voices.ts'

/**
 * The checks from revocation to time, in the contract's order (contract 2), on a genuine code for this program and
 * device. `statement` is the one at hand when it decides, `mayPermit` whether it may.
 */
export function ruling(
  code: LicenseFacts,
  [, revision, , word]: Voice,
  statement: Statement | null,
  mayPermit: boolean,
  [, list, , clock]: Heard,
): Verdict {
  if (word === 'superseded') return verdictOf(word, code)
  if (word !== 'active') {
    const standing = word === 'pending' ? 'not_yet_valid' : word
    return verdictOf(standing, code, standing)
  }
  const terms = statement ? termsOf(statement, code, mayPermit, timeFor(code.issuedAt, clock[0])) : code
  if (terms === null || (!statement && revision > code.revision)) return verdictOf('superseded', code)
  if (list?.[2] && !clock[2]) return verdictOf('list_rolled_back', code)
  return clock[2] ? verdictOf('clock_rolled_back', code) : standingAt(terms, clock[0])
}

/**
 * What holds now by a statement that decides; null when the code is of an older revision and nothing permits the newer
 * one. A statement that no longer permits still forbids (contract 1.4): it cuts the code short where it says an
 * earlier end. At the code's own revision the terms are the code's own; of a newer one they are the statement's.
 */
function termsOf(
  claims: Statement,
  code: LicenseFacts,
  mayPermit: boolean,
  now: number,
): LicenseFacts | null {
  const {
    edition,
    features,
    seats,
    trial,
    rev: revision,
    paid_until: paidUntil,
    works_until: worksUntil,
  } = claims
  const isNewer = revision > code.revision
  const hasEnded = worksUntil !== null && now >= worksUntil
  if (hasEnded || (mayPermit && now < claims.exp)) {
    return { ...code, ...(isNewer && { edition, features, seats, trial, revision }), paidUntil, worksUntil }
  }
  if (isNewer) return null
  return {
    ...code,
    paidUntil: earlier(code.paidUntil, paidUntil),
    worksUntil: earlier(code.worksUntil, worksUntil),
  }
}

/** null = never. */
const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

/** A statement permits nothing where a newer root manifest may have revoked its key, or on another device. */
export function* isForHere(
  { root, device }: Statement,
  fingerprint: unknown,
  [, , , trust, , , warn]: Case,
): Steps<boolean> {
  const isKnownRoot = root <= newestIn(trust)
  if (!isKnownRoot) warn('manifests_behind')
  const bytes = deviceBytes(fingerprint)
  const own = bytes && ((yield [bytes]) as Uint8Array)
  const isHere = device === undefined || (own !== null && device === encodeBase64url(own))
  if (!isHere) warn('statement_wrong_device')
  return isKnownRoot && isHere
}
