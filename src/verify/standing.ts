import { CLOCK_TOLERANCE, type Clock } from './clock.ts'
import { type LicenseFacts, type Verdict, verdictOf } from './verdict.ts'

/** The checks of clock and time (contract 2); `terms` are what holds now, `facts` what the code says. */
export function standingAt(
  terms: LicenseFacts,
  clock: Clock,
  facts = terms,
  isListRolledBack?: boolean,
): Verdict {
  if (clock[2]) return verdictOf('clock_rolled_back', facts)
  if (isListRolledBack) return verdictOf('list_rolled_back', facts)
  const { issuedAt, paidUntil, worksUntil } = terms
  const now = timeFor(issuedAt, clock)
  const ends = (until: number | null) => until !== null && now >= until
  return verdictOf(
    now < issuedAt ? 'not_yet_valid' : !ends(paidUntil) ? 'active' : ends(worksUntil) ? 'expired' : 'grace',
    terms,
  )
}

/** The clock, but within the tolerance before it issued at counts as now. */
export const timeFor = (issuedAt: number, [now]: Clock): number =>
  now < issuedAt - CLOCK_TOLERANCE ? now : Math.max(now, issuedAt)
