import { type LicenseView, verdictOf, viewOf } from '../authority/view.ts'
import type { Catalog } from '../domain/catalog.ts'
import type { FreezeReason, License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'

/** A license as validation describes it, with its status and where it comes from. */
export interface LicenseDocument extends LicenseView {
  readonly status: License['status']
  readonly valid: boolean
  readonly standing: string
  /** Why it is not valid, in the words of a verdict; null when it is. */
  readonly reason: string | null
  readonly freezeReason: FreezeReason | null
  readonly channel: string | null
  readonly instance: string | null
  readonly order: string | null
  /** Good on one device only. */
  readonly bound: boolean
}

export function documentOf(catalog: Catalog, license: License, now: Seconds): LicenseDocument {
  const { status, origin } = license
  return {
    ...viewOf(catalog, license),
    status,
    ...verdictOf(license, now),
    freezeReason: status === 'frozen' ? license.reason : null,
    channel: origin.channel,
    instance: origin.instance,
    order: origin.order?.id ?? null,
    bound: status !== 'pending' && license.terms !== null && license.terms.binding !== null,
  }
}

/** The two dates of a license in words; what a pending license does not know yet is not made up. */
export function datesText({ status, product, paidUntil, worksUntil }: LicenseDocument): string {
  if (status === 'pending' || product === null) return 'terms not known yet'
  return paidUntil === null ? 'perpetual' : `paid until ${paidUntil}, works until ${worksUntil}`
}

export const seatsText = (seats: number | null): string => (seats === null ? 'unlimited' : `${seats}`)
