import type { Seconds } from '../../domain/time.ts'
import type { Ambient } from '../host.ts'

/** Seconds; the first wait is half of it to all of it, and each further one twice as long. */
const FIRST: Seconds = 4
const CEILING: Seconds = 3_600

/** A call is given up after so many tries: about three days. */
export const MOST_TRIES = 100

/** Seconds until the next try of a call that was tried `attempts` times; drawn, so that calls do not march in step. */
export function waitAfter(attempts: number, { random }: Pick<Ambient, 'random'>): Seconds {
  const longest = Math.min(FIRST * 2 ** (attempts - 1), CEILING)
  const [a = 0, b = 0] = random(2)
  const chance = (a * 256 + b) / 65_535
  return Math.round((longest * (1 + chance)) / 2)
}
