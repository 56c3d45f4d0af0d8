import type { Catalog, Edition, Offer, Product } from './catalog.ts'
import { findEdition, findProduct } from './catalog.ts'

/** One thing wrong with a catalog: where, as `products[0].editions[1].features[2]`, and what, as a sentence. */
export interface CatalogFault {
  readonly path: string
  readonly sentence: string
}

/** What the fields of a license code can carry (contract 1.1), and the limit on features (contract 6). */
const MOST = {
  productId: 0xffff_ffff,
  editionId: 0xffff,
  graceDays: 0xff,
  seats: 0xffff,
  features: 24,
} as const

/** Every fault of a catalog by itself, in the order of the file; none when it may be applied to an empty server. */
export function checkCatalog(next: Catalog): readonly CatalogFault[] {
  return [
    ...repeated(next.products, 'products', 'id'),
    ...repeated(next.products, 'products', 'code'),
    ...hiding(next.products),
    ...next.products.flatMap((product, i) => checkProduct(product, `products[${i}]`)),
    ...next.offers.flatMap((offer, i) => checkOffer(next, offer, `offers[${i}]`)),
    ...equallySpecific(next.offers),
  ]
}

/** A product may be named by its code or by its id in digits, and the code wins (`productNamed`). */
function hiding(products: readonly Product[]): readonly CatalogFault[] {
  return products.flatMap(({ code }, i) => {
    const hidden = products.findIndex(({ id }, other) => other !== i && String(id) === code)
    return hidden < 0
      ? []
      : [{ path: `products[${i}].code`, sentence: `"${code}" is also the id of products[${hidden}]` }]
  })
}

function checkProduct(product: Product, path: string): readonly CatalogFault[] {
  return [
    ...within(product.id, 1, MOST.productId, `${path}.id`),
    ...named(product.code, `${path}.code`),
    ...within(product.graceDays, 0, MOST.graceDays, `${path}.graceDays`),
    ...within(product.statementLife, 1, Number.MAX_SAFE_INTEGER, `${path}.statementLife`),
    ...checkFeatures(product, `${path}.features`),
    ...repeated(product.editions, `${path}.editions`, 'id'),
    ...repeated(product.editions, `${path}.editions`, 'code'),
    ...product.editions.flatMap((edition, i) => checkEdition(product, edition, `${path}.editions[${i}]`)),
  ]
}

function checkFeatures({ features }: Product, path: string): readonly CatalogFault[] {
  const tooMany = features.length > MOST.features
  return [
    ...(tooMany
      ? [{ path, sentence: `a product has at most ${MOST.features} features, not ${features.length}` }]
      : []),
    ...features.flatMap((name, i) => named(name, `${path}[${i}]`)),
    ...namedTwice(features, path),
  ]
}

function checkEdition(product: Product, edition: Edition, path: string): readonly CatalogFault[] {
  const unknown = edition.features.flatMap((name, i) =>
    product.features.includes(name)
      ? []
      : [{ path: `${path}.features[${i}]`, sentence: `product "${product.code}" has no feature "${name}"` }],
  )
  return [
    ...within(edition.id, 1, MOST.editionId, `${path}.id`),
    ...named(edition.code, `${path}.code`),
    ...unknown,
    ...namedTwice(edition.features, `${path}.features`),
  ]
}

function checkOffer(catalog: Catalog, offer: Offer, path: string): readonly CatalogFault[] {
  return [
    ...named(offer.channel, `${path}.channel`),
    ...checkSold(catalog, offer, path),
    ...(offer.seats === 'amount' ? [] : within(offer.seats, 0, MOST.seats, `${path}.seats`)),
  ]
}

function checkSold(catalog: Catalog, offer: Offer, path: string): readonly CatalogFault[] {
  const product = findProduct(catalog, offer.product)
  if (product === null)
    return [{ path: `${path}.product`, sentence: `there is no product "${offer.product}"` }]
  if (findEdition(product, offer.edition) !== null) return []
  return [
    { path: `${path}.edition`, sentence: `product "${offer.product}" has no edition "${offer.edition}"` },
  ]
}

/** Two offers that match the same sales leave open which one wins. */
function equallySpecific(offers: readonly Offer[]): readonly CatalogFault[] {
  return offers.flatMap((offer, i) => {
    const first = offers.findIndex((other) => matchesAlike(other, offer))
    return first === i
      ? []
      : [{ path: `offers[${i}]`, sentence: `offers[${first}] already matches the same sales` }]
  })
}

function matchesAlike(a: Offer, b: Offer): boolean {
  return a.channel === b.channel && a.marketplaceProduct === b.marketplaceProduct && a.sku === b.sku
}

function repeated<K extends 'id' | 'code'>(
  items: readonly Readonly<Record<K, unknown>>[],
  path: string,
  key: K,
): readonly CatalogFault[] {
  return items.flatMap((item, i) => {
    const first = items.findIndex((other) => other[key] === item[key])
    if (first === i) return []
    return [
      {
        path: `${path}[${i}].${key}`,
        sentence: `${quoted(item[key])} is also the ${key} of ${path}[${first}]`,
      },
    ]
  })
}

function namedTwice(names: readonly string[], path: string): readonly CatalogFault[] {
  return names.flatMap((name, i) => {
    const first = names.indexOf(name)
    return first === i ? [] : [{ path: `${path}[${i}]`, sentence: `"${name}" is also ${path}[${first}]` }]
  })
}

function within(value: number, least: number, most: number, path: string): readonly CatalogFault[] {
  if (Number.isInteger(value) && value >= least && value <= most) return []
  return [{ path, sentence: `must be a whole number from ${least} to ${most}, not ${value}` }]
}

function named(name: string, path: string): readonly CatalogFault[] {
  return name === '' ? [{ path, sentence: 'must not be empty' }] : []
}

const quoted = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value))
