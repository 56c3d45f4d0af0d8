import type { Authority } from '../authority/authority.ts'
import { parkedIn } from '../authority/parking.ts'
import type { ParkedCall } from '../authority/ports.ts'
import { rfc3339 } from '../authority/view.ts'
import { done, type Outcome } from './output.ts'
import { NOTHING, sheet } from './table.ts'

/** The calls that wait, oldest first, and for each what would let it pass. */
export async function listParked(authority: Authority, limit: number): Promise<Outcome> {
  const items = (await authority.store.parked(limit)).map(parkedDocument)
  if (items.length === 0) return done({ items, next: null }, 'Nothing waits.')
  const rest = (await authority.store.parkedCount()) - items.length
  const more = rest > 0 ? [`${rest} more wait; give a larger --limit.`] : []
  return done({ items, next: null }, [...items.map(parkedText), ...more].join('\n\n'))
}

export type ParkedDocument = ReturnType<typeof parkedDocument>

/** A call that waits, for a program. */
export function parkedDocument(call: ParkedCall) {
  const { channel, instance, order, why, at } = call
  return { channel, instance, order, why, since: rfc3339(at), ...askedOf(call), remedy: remedyOf(call) }
}

/** What the marketplace asked for, in the parts that a remedy needs. */
function askedOf(call: ParkedCall) {
  const parked = parkedIn(call)
  switch (parked.type) {
    case 'demand':
      return { asks: parked.command.type, ...NOTHING_SOLD }
    case 'unknown_scene':
      return { asks: parked.scene, ...NOTHING_SOLD }
    case 'sale':
    case 'order': {
      const { marketplaceProduct, sku, quantity } = parked
      return { asks: 'issue', marketplaceProduct, sku, quantity }
    }
    default:
      return parked satisfies never
  }
}

/** A sale is the marketplace's to send again; an order that was learnt is the server's to apply. */
const RE_SENT = "the marketplace's next re-send then passes"
const APPLIED = 'the server then applies it by itself'

const NOTHING_SOLD = { marketplaceProduct: null, sku: null, quantity: null }

function remedyOf(call: ParkedCall): string {
  const { channel, instance, why } = call
  switch (why) {
    case 'unknown_instance':
      return `the purchase of this instance, or: licet license issue --channel ${channel} --instance ${instance} …`
    case 'no_matching_offer': {
      const { marketplaceProduct, sku } = askedOf(call)
      const skuText = sku === null ? 'without a sku' : `and sku "${sku}"`
      const afterwards = parkedIn(call).type === 'sale' ? RE_SENT : APPLIED
      return `an offer of channel "${channel}" for marketplaceProduct "${marketplaceProduct}" ${skuText} (licet catalog apply); ${afterwards}`
    }
    case 'bad_quantity':
      return 'an order with a quantity from 1 to 65535, or an offer with a number of seats in place of "amount" (licet catalog apply)'
    case 'other_product':
      return 'an offer of the product that the license is of (licet catalog apply), or: licet license release and a new sale'
    case 'unknown_scene':
      return 'a look into the marketplace\'s console: what this change is to do, "licet license" can do by hand'
    default:
      return why satisfies never
  }
}

/** The same for a person. */
export const parkedText = (item: ParkedDocument): string =>
  sheet([
    ['waits since', item.since],
    ['channel', item.channel],
    ['instance', item.instance],
    ['order', item.order],
    ['asks to', item.asks],
    ['because', item.why],
    ['product', item.marketplaceProduct],
    ['sku', item.sku],
    ['quantity', item.asks === 'issue' ? (item.quantity ?? NOTHING) : null],
    ['passes with', item.remedy],
  ])
