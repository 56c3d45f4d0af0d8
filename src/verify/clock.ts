/** What is known about time before an object is looked at. */
export type Clock = readonly [
  /** The program's clock, Unix seconds. */
  now: number,
  /** The build time or the stored floor, whichever is later; -Infinity when neither is known. */
  floor: number,
  /** The clock is more than the tolerance behind the floor, or is no clock. */
  rolledBack: boolean,
]

/** Clocks of honest machines may differ by this much, seconds (contract 2, "Clock"). */
export const CLOCK_TOLERANCE = 48 * 3600

/** Statements and lists may be dated this much ahead of the clock, seconds (contract 1.5, "Floors"). */
export const AHEAD_TOLERANCE = 24 * 3600

/** A floor that is no number makes a clock that cannot be believed; -Infinity is none. */
export const isRolledBack = (now: number, floor: number): boolean =>
  !(Math.abs(now) < Infinity && now >= floor - CLOCK_TOLERANCE)

export const clockAt = (now: number, floor: number): Clock => [now, floor, isRolledBack(now, floor)]

/** The latest time that is known: a clock that was set back is no judge of what is ahead, the floor is. */
export const latest = ([now, floor, rolledBack]: Clock): number => (rolledBack ? Math.max(now, floor) : now)

/** True when an object of this date must not be believed yet. */
export const isAhead = (clock: Clock, issuedAt: number): boolean =>
  !(issuedAt <= latest(clock) + AHEAD_TOLERANCE)

/**
 * The clock after a statement that was listened to: it shows the way out of a roll-back when it is fresh, or not
 * further below the floor than the tolerance (contract 2, "Clock"). Its date then is the time, if that is later
 * than the clock's. Fresh, it also sets a floor aside that was too high.
 */
export function clockWith(clock: Clock, issuedAt: number, isFresh: boolean): Clock {
  const [now, floor, rolledBack] = clock
  const isWayOut = rolledBack && Number.isFinite(now) && (isFresh || issuedAt >= floor - CLOCK_TOLERANCE)
  if (!isWayOut) return clock
  const later = Math.max(now, issuedAt)
  return [later, isFresh ? Math.min(floor, later) : floor, false]
}
