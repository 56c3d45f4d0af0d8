import {
  type Edition,
  findEdition,
  findProduct,
  matchOffer,
  type Offer,
  type Product,
} from '../domain/catalog.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { Snapshot } from './configuration.ts'
import type { Bought } from './marketplace.ts'
import type { ParkedReason } from './ports.ts'

export interface Wanted {
  readonly product: Product
  readonly edition: Edition
  readonly seats: number
}

/** What the catalog makes of a sale, or why it has to wait. */
export function wantedOf(snapshot: Snapshot, channel: string, sale: Bought): Result<Wanted, ParkedReason> {
  const matched = matchedOffer(snapshot, channel, sale)
  if (matched === null) return no('no_matching_offer')
  const seats = seatsOf(matched.offer, sale.quantity)
  return seats === null
    ? no('bad_quantity')
    : yes({ product: matched.product, edition: matched.edition, seats })
}

/** The offer a sale names, with what it sells; null where the catalog has none. */
export function matchedOffer(
  { catalog }: Snapshot,
  channel: string,
  sale: Bought,
): { offer: Offer; product: Product; edition: Edition } | null {
  const offer = matchOffer(catalog, channel, sale.marketplaceProduct, sale.sku)
  const product = offer && findProduct(catalog, offer.product)
  const edition = offer && product && findEdition(product, offer.edition)
  return offer && product && edition ? { offer, product, edition } : null
}

const QUANTITY = /^[1-9][0-9]{0,4}$/
const MOST_SEATS = 65_535

/** null where the offer sells by quantity and the order's is missing, 0, no integer or over 65,535. */
function seatsOf(offer: Offer, quantity: string | null): number | null {
  if (offer.seats !== 'amount') return offer.seats
  if (quantity === null || !QUANTITY.test(quantity)) return null
  const seats = Number(quantity)
  return seats <= MOST_SEATS ? seats : null
}
