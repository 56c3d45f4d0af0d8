import type { Event } from './events.ts'
import { grant } from './grant.ts'
import type { CodesOut, License } from './license.ts'
import { endsLater, isAhead, type PaidUntil, type Seconds, worksUntil } from './time.ts'

/**
 * The codes that customers hold after an event which made `after`; those that have run out by then are forgotten. A
 * shortening and a leak shut out every code before them; they never come back. Of several events of one moment only the
 * last gives a code, so this may count one that was never made: an entry of the list then stays longer than it has to.
 */
export function codesAfter(before: CodesOut | null, after: License, event: Event): CodesOut | null {
  const { at } = event
  const held = stillOut(before, at)
  const shutOut =
    held !== null && shutsOut(event) ? { below: after.revision, until: held.until } : (held?.shutOut ?? null)
  // A restore hands out no code.
  const due = event.type === 'restored' ? null : grant(after, at)
  if (due === null) return held && { until: held.until, shutOut }
  const ends = worksUntil(due.terms.paidUntil, due.terms.graceDays)
  return { until: held !== null && endsLater(held.until, ends) ? held.until : ends, shutOut }
}

function shutsOut(event: Event): boolean {
  return event.type === 'shortened' || (event.type === 'reissued' && event.leaked)
}

function stillOut(codes: CodesOut | null, at: Seconds): CodesOut | null {
  if (codes === null || !isAhead(codes.until, at)) return null
  return codes.shutOut !== null && !isAhead(codes.shutOut.until, at) ? { ...codes, shutOut: null } : codes
}

/** What a revocation list says of one license (contract 1.5). */
export interface Listing {
  /** Codes of a lower revision are refused; of a released license every code. */
  readonly minRevision: number
  readonly why: 'frozen' | 'released' | 'superseded'
  /** The codes it speaks of have run out from then on, and with them the entry; null = never. */
  readonly until: PaidUntil
}

/**
 * The entry of a license, or null where no code has to be refused: none is out, or all that are out may be used. A
 * reinstated license leaves the list but for the codes that were shut out.
 */
export function listingOf({ status, revision, codes }: Listed): Listing | null {
  if (codes === null) return null
  switch (status) {
    case 'pending':
      return null
    case 'frozen':
    case 'released':
      return { minRevision: revision, why: status, until: codes.until }
    case 'active': {
      const { shutOut } = codes
      return shutOut && { minRevision: shutOut.below, why: 'superseded', until: shutOut.until }
    }
    default:
      return status satisfies never
  }
}

/** As much of a license as its entry depends on. */
export type Listed = Pick<License, 'status' | 'revision' | 'codes'>
