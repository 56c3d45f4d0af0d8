import type { LicenseId } from './ids.ts'
import type { License, Terms } from './license.ts'
import { standing } from './standing.ts'
import { isAhead, type PaidUntil, type Seconds, worksUntil } from './time.ts'

/** What a license code says (contract 1.1), all but the key that signs it and the moment it does. */
export interface Grant {
  readonly license: LicenseId
  readonly revision: number
  readonly terms: Terms
}

/**
 * The code that is due after a change at `now`, or null where none is: only an active license whose paid
 * end is ahead gets one. Frozen and released ones get none, nor one whose end has come (contract 1.1,
 * `bad_range`); its revision has risen all the same.
 */
export function grant(license: License, now: Seconds): Grant | null {
  if (license.status !== 'active' || !isAhead(license.terms.paidUntil, now)) return null
  return { license: license.id, revision: license.revision, terms: license.terms }
}

/** What a statement says of a license (contract 1.4), in numbers; the catalog gives the names. */
export interface Account extends Grant {
  readonly status: License['status']
  readonly worksUntil: PaidUntil
  /** The first second in which the statement no longer permits. */
  readonly expires: Seconds
}

/**
 * The account of a license at `now`, also of a frozen, expired or released one. Null when the terms were
 * never known: no code of it exists that could be asked about. `life` is the product's statement life in
 * seconds; while the license works, its end caps it (contract 1.4).
 */
export function account(license: License, now: Seconds, life: Seconds): Account | null {
  if (license.status === 'pending' || license.terms === null) return null
  const { id, revision, status, terms } = license
  const works = worksUntil(terms.paidUntil, terms.graceDays)
  const capped = works !== null && isWorking(license, now)
  const expires = capped ? Math.min(now + life, works) : now + life
  return { license: id, revision, status, terms, worksUntil: works, expires }
}

function isWorking(license: License, now: Seconds): boolean {
  const current = standing(license, now)
  return current === 'active' || current === 'grace'
}
