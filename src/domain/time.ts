/** Unix seconds, UTC. The only unit of time inside; milliseconds exist at the doors alone. */
export type Seconds = number

/** The first second no longer paid, or null for a perpetual license. */
export type PaidUntil = Seconds | null

export const SECONDS_PER_DAY = 86_400

/** True when `a` ends later than `b`; perpetual (null) is later than any date and not later than itself. */
export function endsLater(a: PaidUntil, b: PaidUntil): boolean {
  if (b === null) return false
  return a === null || a > b
}

/** True when the end has not come yet at `now`. */
export function isAhead(end: PaidUntil, now: Seconds): boolean {
  return end === null || end > now
}

/** The first second in which the software stops: the paid end plus the seller's grace. */
export function worksUntil(paidUntil: PaidUntil, graceDays: number): PaidUntil {
  return paidUntil === null ? null : paidUntil + SECONDS_PER_DAY * graceDays
}
