import type { MarketCode } from './open-api/books.ts'

export const FAMILY_NAMES = ['license-1', 'license-2', 'online-license', 'saas-1', 'saas-2'] as const

export type FamilyName = (typeof FAMILY_NAMES)[number]

/** What is sold: an offer of the seller's catalog. */
export interface Product {
  readonly productId: string
  readonly sku: string | null
  readonly quantity: number
}

export type OrderType = 'NEW' | 'TRIAL' | 'TRIAL_TO_FORMAL' | 'UNSUBSCRIBE' | 'RENEW' | 'CHANGE'

export interface MarketOrder {
  readonly id: string
  readonly line: string
  readonly type: OrderType
  /** Milliseconds of the marketplace's clock, as all times here. */
  readonly createdMs: number
  readonly expiresMs: number
  readonly product: Product
}

/** Something a buyer has: an instance, or a code that the marketplace made. */
export interface Resource {
  /** How it is called at the console of the desk. */
  readonly number: number
  readonly family: FamilyName
  readonly purchase: MarketOrder
  /** What the calls name it by; null until the seller has named it. */
  readonly id: string | null
  readonly state: 'waiting' | 'active' | 'frozen' | 'released' | 'refunded'
  readonly paidUntilMs: number
  readonly product: Product
  readonly trial: boolean
  /** Renewals that may be cancelled, the newest last, each with the end before it. */
  readonly renewals: readonly { readonly order: MarketOrder; readonly beforeMs: number }[]
  /** The license text, where an answer brought one. */
  readonly license: string | null
}

/** One application for a license under an event of the marketplace. */
export interface Application {
  readonly event: string
  readonly resource: number
  readonly device: string | null
  readonly atMs: number
}

/** A callback that was given up: it waits for a restart by hand, or its order was refunded. */
export interface Undelivered {
  readonly activity: string
  readonly order: string | null
  readonly resource: number | null
  readonly failure: string
  readonly atMs: number
  readonly refunded: boolean
  /** An order that was bought and not delivered: these are counted by the month. */
  readonly isOrder: boolean
}

/** All that the marketplace knows. Its parts are replaced, never changed in place. */
export interface Market {
  readonly orders: Map<string, MarketOrder>
  readonly resources: Map<number, Resource>
  readonly codes: Map<string, MarketCode>
  readonly applications: Map<string, Application>
  /** License texts by event. */
  readonly uploads: Map<string, string>
  /** Orders the seller asked about. */
  readonly asked: Set<string>
  readonly undelivered: Undelivered[]
  /** Answers that contradict earlier ones. */
  readonly contradictions: { readonly says: string; readonly page: string }[]
  readonly calls: { made: number; failed: number; usageRecords: number }
  /** Days that are over, oldest first: whether a probe failed. */
  readonly probeDays: boolean[]
  /** Of the day that goes on. */
  today: { probes: number; failures: number }
}

export const newMarket = (): Market => ({
  orders: new Map(),
  resources: new Map(),
  codes: new Map(),
  applications: new Map(),
  uploads: new Map(),
  asked: new Set(),
  undelivered: [],
  contradictions: [],
  calls: { made: 0, failed: 0, usageRecords: 0 },
  probeDays: [],
  today: { probes: 0, failures: 0 },
})
