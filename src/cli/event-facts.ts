import { rfc3339 } from '../authority/view.ts'
import type { Catalog } from '../domain/catalog.ts'
import { findEdition, findProduct } from '../domain/catalog.ts'
import type { Event } from '../domain/events.ts'
import type { Entitlement, Origin, Terms } from '../domain/license.ts'
import type { PaidUntil } from '../domain/time.ts'

export type Facts = Readonly<Record<string, string | number | boolean>>

/** What an event says beyond its type and time, in the words of the catalog; what it leaves open is left out. */
export function eventFacts(catalog: Catalog, event: Event): Facts {
  switch (event.type) {
    case 'issued':
      return { ...originFacts(event.origin), ...termsFacts(catalog, event.terms) }
    case 'met':
      return originFacts(event.origin)
    case 'activated':
      return termsFacts(catalog, event.terms)
    case 'renewed':
    case 'shortened':
      return { paidUntil: endText(event.paidUntil), ...orderFact(event.order) }
    case 'changed':
      return { ...entitlementFacts(event.entitlement), ...orderFact(event.order) }
    case 'frozen':
      return { as: event.reason }
    case 'reinstated':
    case 'released':
      return {}
    case 'restored':
      return { raised: event.raised }
    case 'reissued':
      return { leaked: event.leaked, bound: event.binding !== null }
    default:
      return event satisfies never
  }
}

function originFacts({ channel, instance, order }: Origin): Facts {
  return {
    ...(channel !== null && { channel }),
    ...(instance !== null && { instance }),
    ...orderFact(order?.id ?? null),
  }
}

function termsFacts(catalog: Catalog, terms: Terms): Facts {
  const product = findProduct(catalog, terms.product)
  const edition = product && findEdition(product, terms.edition)
  return {
    product: product?.code ?? terms.product,
    edition: edition?.code ?? terms.edition,
    seats: terms.seats === 0 ? 'unlimited' : terms.seats,
    ...(terms.trial && { trial: true }),
    paidUntil: endText(terms.paidUntil),
    ...(terms.binding !== null && { bound: true }),
  }
}

/** A change names its edition by number alone; the product it belongs to never changes. */
const entitlementFacts = ({ edition, seats }: Entitlement): Facts => ({
  edition,
  seats: seats === 0 ? 'unlimited' : seats,
})

const orderFact = (order: string | null): Facts => (order === null ? {} : { order })

const endText = (end: PaidUntil): string => (end === null ? 'perpetual' : rfc3339(end))
