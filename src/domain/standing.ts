import type { License } from './license.ts'
import { isAhead, type Seconds, worksUntil } from './time.ts'

/** What a license is worth at a moment; the words are those of a verdict (contract 2). */
export type Standing = 'active' | 'grace' | 'expired' | 'frozen' | 'released' | 'not_yet_valid'

/**
 * The standing at `now`. *Expired* and *in grace* exist only here: they follow from the clock. The paid end
 * is the first second in grace, works until the first second expired. A pending license is `not_yet_valid`.
 */
export function standing(license: License, now: Seconds): Standing {
  switch (license.status) {
    case 'pending':
      return 'not_yet_valid'
    case 'frozen':
    case 'released':
      return license.status
    case 'active': {
      const { paidUntil, graceDays } = license.terms
      if (isAhead(paidUntil, now)) return 'active'
      return isAhead(worksUntil(paidUntil, graceDays), now) ? 'grace' : 'expired'
    }
    default: {
      const unknown: never = license
      return unknown
    }
  }
}
