import type { Freeze, FreezeCause } from './commands.ts'
import { type Decision, happened, nothing, releasedForEver } from './decision.ts'
import type { FreezeReason, License } from './license.ts'
import { isAhead, type PaidUntil, type Seconds, worksUntil } from './time.ts'

/**
 * Freezes an active license and marks a pending one, which then becomes frozen when it activates. Whoever
 * comes first gives the reason: nothing on a frozen, a released or an already marked license.
 */
export function freeze(license: License, { cause }: Freeze, at: Seconds): Decision {
  const reason = freezeReason(license, cause, at)
  return reason === null ? nothing : happened({ type: 'frozen', reason, at })
}

function freezeReason(license: License, cause: FreezeCause, at: Seconds): FreezeReason | null {
  switch (license.status) {
    case 'pending':
      // The end is not known. A held shortening is the latest it can be; the grace nobody knows.
      return license.mark === null ? reasonOf(cause, license.held.shortenedTo ?? null, null, at) : null
    case 'active': {
      const { paidUntil, graceDays } = license.terms
      return reasonOf(cause, paidUntil, worksUntil(paidUntil, graceDays), at)
    }
    case 'frozen':
    case 'released':
      return null
    default: {
      const unknown: never = license
      return unknown
    }
  }
}

/**
 * The reason of a freeze, or null where there is no cause to freeze: the scheduler's word is checked
 * against the clock, the marketplace's expiry call is a fact even before the end (contract 3.1).
 */
function reasonOf(cause: FreezeCause, end: PaidUntil, works: PaidUntil, at: Seconds): FreezeReason | null {
  switch (cause) {
    case 'expiry_call':
      return 'expired'
    case 'status_call':
      return isAhead(end, at) ? 'violation' : 'expired'
    case 'operator':
      return 'operator'
    case 'past_grace':
      return isAhead(works, at) ? null : 'expired'
    default: {
      const unknown: never = cause
      return unknown
    }
  }
}

/**
 * Undoes a freeze, or clears the mark of a pending license. Nothing where there is none of either. The end
 * is not looked at: a reinstated license past its grace stands as *expired* and is given no code.
 */
export function reinstate(license: License, at: Seconds): Decision {
  switch (license.status) {
    case 'pending':
      return license.mark === null ? nothing : happened({ type: 'reinstated', at })
    case 'active':
      return nothing
    case 'frozen':
      return happened({ type: 'reinstated', at })
    case 'released':
      return releasedForEver
    default: {
      const unknown: never = license
      return unknown
    }
  }
}

/** Ends a license for ever, whatever it is; nothing when it has ended so already. */
export function release(license: License, at: Seconds): Decision {
  return license.status === 'released' ? nothing : happened({ type: 'released', at })
}
