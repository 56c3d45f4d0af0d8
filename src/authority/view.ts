import { type Catalog, featureNames, findEdition, findProduct } from '../domain/catalog.ts'
import type { License } from '../domain/license.ts'
import { standing } from '../domain/standing.ts'
import { type PaidUntil, type Seconds, worksUntil } from '../domain/time.ts'
import { LAST_SECOND } from '../format/limits.ts'

/**
 * A license as validation, the command line and the console show it. Names come from the catalog; dates are
 * RFC 3339 UTC, whole seconds. What a pending license does not know yet is null.
 */
export interface LicenseView {
  readonly id: string
  readonly product: string | null
  readonly edition: string | null
  readonly features: readonly string[]
  /** null = unlimited. */
  readonly seats: number | null
  readonly trial: boolean
  readonly revision: number
  /** When the license came to be. */
  readonly issuedAt: string
  /** null = perpetual. */
  readonly paidUntil: string | null
  readonly worksUntil: string | null
}

export function viewOf(catalog: Catalog, license: License): LicenseView {
  const { id, revision, createdAt } = license
  const terms = license.status === 'pending' ? null : license.terms
  const product = terms && findProduct(catalog, terms.product)
  const paidUntil = terms?.paidUntil ?? null
  return {
    id,
    product: product?.code ?? null,
    edition: (product && terms && findEdition(product, terms.edition)?.code) ?? null,
    features: product && terms ? featureNames(product, terms.features) : [],
    seats: terms === null || terms.seats === 0 ? null : terms.seats,
    trial: terms?.trial ?? false,
    revision,
    issuedAt: rfc3339(createdAt),
    paidUntil: dateOf(paidUntil),
    worksUntil: dateOf(worksUntil(paidUntil, terms?.graceDays ?? 0)),
  }
}

/** The verdict on a license as it is now, in the words of contract 2. */
export function verdictOf(
  license: License,
  now: Seconds,
): { valid: boolean; standing: string; reason: string | null } {
  const current = standing(license, now)
  const valid = current === 'active' || current === 'grace'
  return { valid, standing: current, reason: valid ? null : current }
}

const dateOf = (seconds: PaidUntil): string | null => (seconds === null ? null : rfc3339(seconds))

/** RFC 3339 in UTC with whole seconds; what is later than the year 9999 can write is shown as its last second. */
export function rfc3339(seconds: Seconds): string {
  return `${new Date(Math.min(seconds, LAST_SECOND) * 1000).toISOString().slice(0, 19)}Z`
}
