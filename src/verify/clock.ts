import { CLOCK_TOLERANCE } from './verify-license.ts'

/** What is known about time before the objects of this verification are looked at. */
export interface Clock {
  /** The program's clock, Unix seconds. */
  readonly now: number
  /** The build time or the stored floor, whichever is later; -Infinity when neither is known. */
  readonly floor: number
  /** The clock is more than the tolerance behind the floor, or is no clock. */
  readonly rolledBack: boolean
}

/** Statements and lists may be dated this much ahead of the clock, seconds (contract 1.5, "Floors"). */
export const AHEAD_TOLERANCE = 24 * 3600

/** A build time that is no number makes a clock that cannot be believed. */
export function clockAt(now: number, buildTime: number | undefined, seen: number | undefined): Clock {
  const floor = Math.max(buildTime ?? -Infinity, seen ?? -Infinity)
  return { now, floor, rolledBack: !Number.isFinite(now) || !(now >= floor - CLOCK_TOLERANCE) }
}

/** The latest time that is known: a clock that was set back is no judge of what is ahead, the floor is. */
export function latest({ now, floor, rolledBack }: Clock): number {
  return rolledBack ? Math.max(now, floor) : now
}

/** True when an object of this date must not be believed yet. */
export function isAhead(clock: Clock, issuedAt: number): boolean {
  return !(issuedAt <= latest(clock) + AHEAD_TOLERANCE)
}

/**
 * The clock after a statement that was listened to: it shows the way out of a roll-back when it is fresh, or not
 * further below the floor than the tolerance (contract 2, "Clock"). Its date then is the time, if that is later
 * than the clock's. Fresh, it also sets a floor aside that was too high.
 */
export function clockWith(clock: Clock, issuedAt: number, isFresh: boolean): Clock {
  if (!clock.rolledBack || !Number.isFinite(clock.now)) return clock
  if (!isFresh && issuedAt < clock.floor - CLOCK_TOLERANCE) return clock
  const now = Math.max(clock.now, issuedAt)
  return { now, floor: isFresh ? Math.min(clock.floor, now) : clock.floor, rolledBack: false }
}
