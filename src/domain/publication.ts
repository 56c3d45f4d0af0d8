import type { Seconds } from './time.ts'

/** The newest revocation list of a product: what makes it newer than the one before (contract 1.5). */
export interface Publication {
  readonly number: number
  readonly issuedAt: Seconds
  /** Of everything the list says but its number and its times, and of the key that signs it. */
  readonly digest: string
}

/** How long a list counts as new; offline software warns from then on, and refuses nothing for it. */
const LIFE: Seconds = 86_400

/** A list that says nothing new is given out again, under a new number, after half of its life. */
const GIVEN_AGAIN: Seconds = LIFE / 2

/** A list may be dated this far ahead of the clock, so that of several in one second each is later than the one before. */
const MOST_AHEAD: Seconds = 60

/** 32 bits (contract 1.5). */
const LAST_NUMBER = 0xffffffff

/**
 * What a list of this content is given out as: `newest` itself while that says the same and is not old, else one with a
 * higher number and a later time. A number is at least the time in seconds, so that a database restored from a backup
 * does not give one again that software has accepted before; a clock that was wrong raises it and never lowers it.
 */
export function publicationOf(newest: Publication | null, digest: string, now: Seconds): Publication {
  if (newest !== null && newest.digest === digest && isCurrent(newest, now)) return newest
  const next = (newest?.number ?? 0) + 1
  const number = now <= LAST_NUMBER ? Math.max(next, now) : next
  const follows = newest !== null && newest.issuedAt >= now && newest.issuedAt < now + MOST_AHEAD
  return { number, issuedAt: follows ? newest.issuedAt + 1 : now, digest }
}

/** False when it has to be given out again although it says the same: it is old, or dated ahead by a clock that was wrong. */
export function isCurrent({ issuedAt }: Publication, now: Seconds): boolean {
  return issuedAt <= now + MOST_AHEAD && now < issuedAt + GIVEN_AGAIN
}

export const nextUpdate = ({ issuedAt }: Publication): Seconds => issuedAt + LIFE
