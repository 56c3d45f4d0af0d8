import { CLOCK_TOLERANCE } from './clock.ts'
import { type LicenseFacts, type Verdict, verdictOf } from './verdict.ts'

/** The checks of time (contract 2), by a clock that is not rolled back, on what holds now. */
export const standingAt = (terms: LicenseFacts, clock: number): Verdict => {
  const { issuedAt, paidUntil, worksUntil } = terms
  const now = timeFor(issuedAt, clock)
  const isBefore = (until: number | null) => now < (until ?? Infinity)
  const reason = now < issuedAt ? 'not_yet_valid' : isBefore(worksUntil) ? null : 'expired'
  return verdictOf(reason, terms, reason ?? (isBefore(paidUntil) ? 'active' : 'grace'))
}

/** The clock, but within the tolerance before it issued at counts as now. */
export const timeFor = (issuedAt: number, now: number): number =>
  now < issuedAt - CLOCK_TOLERANCE ? now : Math.max(now, issuedAt)
