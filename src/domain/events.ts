import type { LicenseId } from './ids.ts'
import type { Entitlement, FreezeReason, Origin, Terms } from './license.ts'
import type { PaidUntil, Seconds } from './time.ts'

/** What happened to a license; one event per change, each raises the revision by `raiseOf`. */
export type Event =
  | {
      readonly type: 'issued'
      readonly id: LicenseId
      readonly origin: Origin
      readonly terms: Terms
      readonly at: Seconds
    }
  | { readonly type: 'met'; readonly id: LicenseId; readonly origin: Origin; readonly at: Seconds }
  | {
      readonly type: 'activated'
      /** The purchase's, where it became known with the terms; then it is the license's own order. */
      readonly order?: string
      readonly terms: Terms
      readonly at: Seconds
    }
  | {
      readonly type: 'renewed'
      readonly order: string | null
      /** The end from now on; the one before where the renewal only ended a trial. */
      readonly paidUntil: PaidUntil
      /** It ended a trial, or will when the terms are known. */
      readonly formal?: true
      readonly at: Seconds
    }
  | {
      readonly type: 'shortened'
      readonly order: string | null
      readonly paidUntil: Seconds
      readonly at: Seconds
    }
  | {
      readonly type: 'changed'
      readonly order: string | null
      readonly entitlement: Entitlement
      readonly at: Seconds
    }
  | { readonly type: 'frozen'; readonly reason: FreezeReason; readonly at: Seconds }
  | { readonly type: 'reinstated'; readonly at: Seconds }
  | { readonly type: 'released'; readonly at: Seconds }
  | {
      readonly type: 'reissued'
      readonly leaked: boolean
      readonly binding: string | null
      readonly at: Seconds
    }
  /** The database was brought back from a backup: `raised` leaves room for the changes that were lost with it. */
  | { readonly type: 'restored'; readonly raised: number; readonly at: Seconds }

/** By how much an event raises the revision: one, but for a restore. */
export const raiseOf = (event: Event): number => (event.type === 'restored' ? event.raised : 1)
