import { codeWorksUntil, type LicenseCode } from '../format/license-code.ts'
import type { Statement } from '../format/statement.ts'
import type { Clock } from './clock.ts'
import type { HeardStatement } from './hearing.ts'
import type { LicenseFacts, Reason, Verdict } from './verdict.ts'
import { accepted, refused } from './verdict.ts'
import { CLOCK_TOLERANCE, standingUntil } from './verify-license.ts'
import type { Voice } from './voices.ts'

/** A genuine code for this program and device, with all that was heard about it. */
export interface Matter {
  readonly code: LicenseCode
  readonly facts: LicenseFacts
  readonly decider: Voice
  /** The statement at hand, when it is the one that decides. */
  readonly byStatement: HeardStatement | null
  /** After a way out was taken, the time it showed. */
  readonly clock: Clock
  readonly isListRolledBack: boolean
  /** Whether the statement may permit: it knows no newer root manifest, and is for this device. */
  readonly mayPermit: boolean
}

/** The checks from revocation to time, in the contract's order (contract 2). */
export function ruling(matter: Matter): Verdict {
  const { code, facts, decider, clock, isListRolledBack } = matter
  const refuse = (reason: Reason) => refused(reason, facts)
  if (decider.word !== 'active') return refuse(decider.word === 'pending' ? 'not_yet_valid' : decider.word)
  const terms = termsIn(matter)
  if (terms === null) return refuse('superseded')
  if (clock.rolledBack) return refuse('clock_rolled_back')
  if (isListRolledBack) return refuse('list_rolled_back')
  if (clock.now < code.issuedAt - CLOCK_TOLERANCE) return refused('not_yet_valid', terms)
  const standing = standingUntil(terms.paidUntil, terms.worksUntil, clock.now)
  return standing === 'expired' ? refused(standing, terms) : accepted(standing, terms)
}

/**
 * What holds now; null when the code is of an older revision and nothing permits the newer one. A statement that
 * no longer permits still forbids (contract 1.4): it cuts the code short where it says an earlier end.
 */
function termsIn({ code, facts, byStatement, decider, clock, mayPermit }: Matter): LicenseFacts | null {
  if (byStatement === null) return decider.revision > code.revision ? null : facts
  const { claims } = byStatement
  const hasEnded = claims.works_until !== null && clock.now >= claims.works_until
  const isNewer = claims.rev > code.revision
  if (hasEnded || (mayPermit && clock.now < claims.exp)) return stated(facts, claims, isNewer)
  return isNewer ? null : cut(code, facts, claims)
}

/** At the code's own revision the terms are the code's own; of a newer one they are the statement's. */
function stated(facts: LicenseFacts, claims: Statement, isNewer: boolean): LicenseFacts {
  const ends = { paidUntil: claims.paid_until, worksUntil: claims.works_until }
  if (!isNewer) return { ...facts, ...ends }
  const { edition, features, seats, trial, rev } = claims
  return { ...facts, edition, features, seats, trial, revision: rev, ...ends }
}

function cut(code: LicenseCode, facts: LicenseFacts, { paid_until, works_until }: Statement): LicenseFacts {
  return {
    ...facts,
    paidUntil: earlier(code.paidUntil, paid_until),
    worksUntil: earlier(codeWorksUntil(code), works_until),
  }
}

/** null = never. */
function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}
