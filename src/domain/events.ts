import type { LicenseId } from './ids.ts'
import type { Entitlement, FreezeReason, Origin, Terms } from './license.ts'
import type { PaidUntil, Seconds } from './time.ts'

/** What happened to a license; one event per change, each raises the revision by one. */
export type Event =
  | {
      readonly type: 'issued'
      readonly id: LicenseId
      readonly origin: Origin
      readonly terms: Terms
      readonly at: Seconds
    }
  | { readonly type: 'met'; readonly id: LicenseId; readonly origin: Origin; readonly at: Seconds }
  | { readonly type: 'activated'; readonly terms: Terms; readonly at: Seconds }
  | {
      readonly type: 'renewed'
      readonly order: string | null
      readonly paidUntil: PaidUntil
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

export type EventType = Event['type']
