import { CLOCK_TOLERANCE, type Clock } from './clock.ts'
import { type LicenseFacts, type Verdict, verdictOf } from './verdict.ts'

/** The checks of clock and time (contract 2); `terms` are what holds now, `facts` what the code says. */
export function standingAt(terms: LicenseFacts, clock: Clock, facts = terms): Verdict {
  if (clock[2]) return verdictOf('clock_rolled_back', facts)
  const { issuedAt, paidUntil, worksUntil } = terms
  const now = timeFor(issuedAt, clock)
  const isBefore = (until: number | null) => now < (until ?? Infinity)
  const reason = now < issuedAt ? 'not_yet_valid' : isBefore(worksUntil) ? null : 'expired'
  return verdictOf(reason, terms, reason ?? (isBefore(paidUntil) ? 'active' : 'grace'))
}

/** The clock, but within the tolerance before it issued at counts as now. */
export const timeFor = (issuedAt: number, [now]: Clock): number =>
  now < issuedAt - CLOCK_TOLERANCE ? now : Math.max(now, issuedAt)
