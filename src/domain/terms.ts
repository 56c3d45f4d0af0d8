import { type Edition, featureBits, type Product } from './catalog.ts'
import type { Terms } from './license.ts'
import type { Refusal } from './refusal.ts'
import { no, type Result, yes } from './result.ts'
import type { PaidUntil } from './time.ts'

/** The part of the terms that a sale decides; the product and the edition decide the rest. */
export interface Sold {
  /** 0 = unlimited. */
  readonly seats: number
  readonly paidUntil: PaidUntil
  readonly trial: boolean
  /** As in `Terms`. */
  readonly binding: string | null
}

/** The terms of an edition as sold now; later changes of the catalog do not reach them. Refuses a perpetual trial. */
export function termsOf(product: Product, edition: Edition, sold: Sold): Result<Terms, Refusal> {
  if (sold.trial && sold.paidUntil === null) return no({ reason: 'perpetual_trial' })
  return yes({
    product: product.id,
    edition: edition.id,
    seats: sold.seats,
    features: featureBits(product, edition.features),
    trial: sold.trial,
    graceDays: product.graceDays,
    paidUntil: sold.paidUntil,
    binding: sold.binding,
  })
}
