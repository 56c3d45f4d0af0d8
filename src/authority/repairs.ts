import type { Command } from '../domain/commands.ts'
import type { License } from '../domain/license.ts'
import { endsLater, isAhead, type PaidUntil, SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import type { CodeInfo } from './outgoing/port.ts'

/**
 * What a license's history gives cause to doubt. `recent`: it changed just now, and the answer may be older than that;
 * only a release is for ever. `own_end`: the seller set its end, which the marketplace knows nothing of: it may be renewed
 * beyond that.
 */
export type Doubt = 'recent' | 'own_end'

/**
 * What a license lacks of what the marketplace says of its code, as the commands that the missed calls would have sent.
 * On doubt nothing: a status or an end that was not sent, an end that has passed for a code that lives, one that is
 * earlier by less than a day, a license that the seller froze, or whose end he set himself.
 */
export function repairsOf(
  license: License,
  said: Pick<CodeInfo, 'status' | 'paidUntil'>,
  now: Seconds,
  doubt: Doubt | null,
): readonly Command[] {
  if (license.status === 'released' || license.status === 'pending') return []
  if (said.status === 'released') return [{ type: 'release' }]
  if (doubt === 'recent') return []
  const isOwnEnd = doubt === 'own_end'
  switch (said.status) {
    case 'alive':
      return aliveAgain(license, said.paidUntil, now, isOwnEnd)
    case 'expired':
      return isOwnEnd ? [] : expired(license.terms.paidUntil, said.paidUntil, now)
    case 'inactive':
    case 'unknown':
      return []
    default:
      return said.status satisfies never
  }
}

/**
 * In which zone the answer writes an end is not said: hours are no cancelled renewal, and an end once shortened takes
 * every code before it out of use. The shortest renewal is a day.
 */
const A_DAY: Seconds = SECONDS_PER_DAY - 1

type Living = Extract<License, { status: 'active' | 'frozen' }>

function aliveAgain(license: Living, end: PaidUntil, now: Seconds, isOwnEnd: boolean): readonly Command[] {
  const ours = license.terms.paidUntil
  if (end === null || !isAhead(end, now)) return []
  const reinstate: readonly Command[] =
    license.status === 'frozen' && license.reason === 'expired' ? [{ type: 'reinstate' }] : []
  if (endsLater(end, ours)) return [{ type: 'renew', order: null, paidUntil: end }, ...reinstate]
  const shorten: readonly Command[] =
    !isOwnEnd && endsLater(ours, end + A_DAY) ? [{ type: 'shorten', order: null, paidUntil: end }] : []
  return [...shorten, ...reinstate]
}

/**
 * An end of ours that has passed, or comes within the day, is left to the seller's grace and to the scheduler. A later one: a cancelled
 * renewal was missed where the marketplace names an end that has passed; else its word counts, as the expiry call would.
 */
function expired(ours: PaidUntil, end: PaidUntil, now: Seconds): readonly Command[] {
  if (!isAhead(ours, now + A_DAY)) return []
  if (end !== null && end <= now) return [{ type: 'shorten', order: null, paidUntil: end }]
  return [{ type: 'freeze', cause: 'expiry_call' }]
}
