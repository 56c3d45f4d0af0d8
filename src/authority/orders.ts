import type { LicenseId, OrderRef } from '../domain/ids.ts'
import type { PaidUntil, Seconds } from '../domain/time.ts'
import type { OrderKind, OrderLine } from './outgoing/port.ts'
import type { Page } from './ports.ts'

/** The ledger: every order line that a marketplace ever named, and what became of it. */
export interface Orders {
  order(channel: string, order: OrderRef): Promise<LedgerOrder | null>
  /** All lines of an order of this number, of every channel. */
  ordersNumbered(id: string): Promise<readonly LedgerOrder[]>
  /** Licenses that were sold without a marketplace under this number, which is the seller's own: the oldest first. */
  soldDirectly(id: string): Promise<readonly DirectOrder[]>
  /** Those that changed a license, or will; its purchase only where the terms had to be learnt. The oldest first. */
  ordersOf(license: LicenseId): Promise<readonly LedgerOrder[]>
  /** Learnt and not applied, the oldest first; `after` is the last of the page before. */
  waitingOrders(after: LedgerOrder | null, limit: number): Promise<readonly LedgerOrder[]>
  /** Keyset page, the oldest first; `after` is the `next` of the page before, anything else gets an empty page. */
  orderPage(after: string | null, limit: number): Promise<Page<LedgerOrder>>
}

export interface DirectOrder {
  readonly license: LicenseId
  readonly soldAt: Seconds
}

/** One line of an order; `order.line` is the instance where a change names an order without its line. */
export interface LedgerOrder {
  readonly channel: string
  readonly order: OrderRef
  readonly cause: OrderCause
  readonly license: LicenseId | null
  readonly state: OrderState
  readonly notedAt: Seconds
  readonly learntAt: Seconds | null
  readonly learnt: LearntOrder | null
}

/**
 * Which call named it, which says what it changes: a `notice` alone changes nothing, and gives way to every other.
 * `formal` is a trial that turned formal, `changing_renewal` a renewal with another edition or other seats.
 */
export const ORDER_CAUSES = [
  'notice',
  'sale',
  'opening',
  'renewal',
  'formal',
  'changing_renewal',
  'upgrade',
  'cancellation',
] as const
export type OrderCause = (typeof ORDER_CAUSES)[number]

/**
 * `asked`: the marketplace is being asked. `parked`: it came before its instance. `learnt`: known, and no license is
 * known for it. `waiting`: known, and the catalog or the license is not ready for it. `refused`: the license said no.
 * `applied`: nothing is left to do, for ever.
 */
export const ORDER_STATES = ['asked', 'parked', 'learnt', 'waiting', 'refused', 'applied'] as const
export type OrderState = (typeof ORDER_STATES)[number]

/** What the marketplace says of an order line. */
export interface LearntOrder {
  readonly kind: OrderKind
  readonly orderedAt: Seconds
  readonly charging: OrderLine['charging'] | null
  readonly paidUntil: PaidUntil
  readonly marketplaceProduct: string
  readonly sku: string | null
  /** As sent; judged only where the offer says `"amount"`. */
  readonly quantity: string | null
}

/**
 * What is written of an order line, whatever is there: the first license stays, and so does `applied`; what is learnt
 * is added.
 */
export interface OrderNote {
  readonly channel: string
  readonly order: OrderRef
  readonly cause: OrderCause
  readonly license: LicenseId | null
  readonly state: OrderState
  readonly at: Seconds
  readonly learnt: LearntOrder | null
}
