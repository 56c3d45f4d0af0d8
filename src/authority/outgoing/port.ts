import type { PaidUntil, Seconds } from '../../domain/time.ts'

/** What the server asks of a marketplace, or tells it. Plain data: it is kept as JSON until it is settled. */
export type OutgoingCall =
  /** `line` null: all of the order. */
  | { readonly type: 'query_order'; readonly order: string; readonly line: string | null }
  | { readonly type: 'upload_license'; readonly event: string; readonly text: string }
  /** `at`: when the software was delivered; not before the order. */
  | { readonly type: 'activate_code'; readonly code: string; readonly at: Seconds | null }
  /** Codes that were delivered without a call of the software; at most 100. */
  | { readonly type: 'activate_codes'; readonly codes: readonly string[]; readonly at: Seconds | null }
  | { readonly type: 'query_code'; readonly code: string }
  /** At most `MOST_USAGES` of each. */
  | { readonly type: 'report_software_usage'; readonly usages: readonly SoftwareUsage[] }
  | { readonly type: 'push_usage'; readonly records: readonly UsageRecord[] }

export type OutgoingType = OutgoingCall['type']

/** One code's use on one day: which clients were active, or how many. */
export interface SoftwareUsage {
  readonly code: string
  readonly clients: readonly string[] | number
}

export interface UsageRecord {
  readonly instance: string
  /** Names the record for ever: the marketplace counts it once. */
  readonly serial: string
  readonly recordedAt: Seconds
  readonly from: Seconds
  readonly to: Seconds
  /** Decimal, above 0, at most 4 places. */
  readonly value: string
  readonly relatedPackage: string | null
}

/** What came of a call; nothing is thrown for what the far side does. */
export type OutgoingOutcome =
  | Learnt
  /**
   * The marketplace's own error code; `retry`: the same call may succeed later. `means`: in our words, where somebody
   * who waits for the answer is told.
   */
  | {
      readonly type: 'refused'
      readonly code: string
      readonly retry: boolean
      readonly means?: RefusalMeaning
    }
  /** The credentials are not known there, or may not do this: no fault of the call. */
  | { readonly type: 'unauthorized'; readonly code: string }
  /** No answer that could be understood. `why` is a word of ours: no address, header or body. */
  | { readonly type: 'unreachable'; readonly why: string }

/** Why a code is not activated: it is already; its buyer has not claimed it; the marketplace has no such code. */
export type RefusalMeaning = 'already_active' | 'unclaimed' | 'unknown_code'

/** What a call that succeeded brought. */
export type Learnt =
  | { readonly type: 'order'; readonly order: OrderInfo }
  | { readonly type: 'code'; readonly code: CodeInfo }
  | { readonly type: 'done' }

export interface OrderInfo {
  readonly id: string
  readonly kind: OrderKind
  readonly createdAt: Seconds
  readonly lines: readonly OrderLine[]
  /** Personal data of the buyer as JSON; null when none was sent. */
  readonly customer: string | null
}

export const ORDER_KINDS = ['NEW', 'TRIAL', 'TRIAL_TO_FORMAL', 'UNSUBSCRIBE', 'RENEW', 'CHANGE'] as const
export type OrderKind = (typeof ORDER_KINDS)[number]

export interface OrderLine {
  readonly line: string
  readonly charging: 'ON_DEMAND' | 'ONE_TIME' | 'PERIOD' | 'ON_DEMAND_PKG'
  /** null: none was sent. Periodic orders may lack it while they are new. */
  readonly paidUntil: PaidUntil
  /** Length of the period bought, for an order that names no end; null when none was sent. */
  readonly period: { readonly unit: 'year' | 'month' | 'day'; readonly count: number } | null
  readonly marketplaceProduct: string
  readonly sku: string | null
  /** As sent; judged only where the offer says `"amount"`. */
  readonly quantity: string | null
}

/**
 * What the marketplace says of a code that it made itself. `inactive`: nobody has activated it; `unknown`: it has no
 * such code. Of these two nothing else is known.
 */
export interface CodeInfo {
  readonly status: 'alive' | 'expired' | 'released' | 'inactive' | 'unknown'
  /** null: no end was sent, which says nothing. */
  readonly paidUntil: PaidUntil
  readonly order: string | null
  readonly marketplaceProduct: string | null
  readonly quantity: string | null
}
