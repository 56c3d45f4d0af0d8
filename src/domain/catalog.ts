/** What the seller sells: products with their editions, and the offers by which a marketplace sells them. */
export interface Catalog {
  readonly products: readonly Product[]
  readonly offers: readonly Offer[]
}

export interface Product {
  /** Travels in every license code; 1 to 2^32-1. */
  readonly id: number
  readonly code: string
  readonly name: string
  readonly graceDays: number
  /** How long a statement permits, seconds. */
  readonly statementLife: number
  /** A marketplace is given no text of it that any device may use. */
  readonly needsDevice?: true
  /** At most 24; the order is the bit order. A feature is only ever added at the end. */
  readonly features: readonly string[]
  readonly editions: readonly Edition[]
}

export interface Edition {
  readonly id: number
  readonly code: string
  readonly features: readonly string[]
}

/** Maps what a marketplace sells to an edition; a missing `marketplaceProduct` or `sku` matches any. */
export interface Offer {
  readonly channel: string
  readonly marketplaceProduct?: string
  readonly sku?: string
  readonly product: string
  readonly edition: string
  /** A number (0 = unlimited) or the order's quantity. */
  readonly seats: number | 'amount'
}

/** A code names what the seller chose to call it, a number is the id inside license codes; null when unknown. */
export function findProduct({ products }: Catalog, name: string | number): Product | null {
  return products.find(({ id, code }) => name === id || name === code) ?? null
}

/** By its code or by its id in digits, as a person names it. */
export function productNamed(catalog: Catalog, text: string): Product | null {
  return findProduct(catalog, text) ?? (/^\d{1,10}$/.test(text) ? findProduct(catalog, Number(text)) : null)
}

/** By code or by id, as `findProduct`. */
export function findEdition({ editions }: Product, name: string | number): Edition | null {
  return editions.find(({ id, code }) => name === id || name === code) ?? null
}

/**
 * The offer by which a channel sells this, or null. The most specific match wins, product before sku
 * (contract 6); a checked catalog has no two that are equally specific. A sale without a sku matches only
 * offers without one.
 */
export function matchOffer(
  { offers }: Catalog,
  channel: string,
  marketplaceProduct: string,
  sku: string | null,
): Offer | null {
  const matches = (offer: Offer) =>
    offer.channel === channel &&
    (offer.marketplaceProduct === undefined || offer.marketplaceProduct === marketplaceProduct) &&
    (offer.sku === undefined || offer.sku === sku)
  return offers.filter(matches).sort((a, b) => specificity(b) - specificity(a))[0] ?? null
}

const specificity = ({ marketplaceProduct, sku }: Offer): number =>
  (marketplaceProduct === undefined ? 0 : 2) + (sku === undefined ? 0 : 1)

/** The feature bits of a license code (contract 1.1). Throws on a name that the product lacks: an unchecked catalog. */
export function featureBits({ code, features }: Product, names: readonly string[]): number {
  return names.reduce((bits, name) => {
    const place = features.indexOf(name)
    if (place < 0) throw new RangeError(`product "${code}" has no feature "${name}"`)
    return bits | (1 << place)
  }, 0)
}

/** The names of feature bits, in bit order; bits for which the product has no name are left out. */
export function featureNames({ features }: Product, bits: number): readonly string[] {
  return features.filter((_, place) => (bits & (1 << place)) !== 0)
}
