import type { Catalog, Edition, Offer, Product } from '../domain/catalog.ts'
import { type CatalogFault, checkCatalog } from '../domain/catalog-check.ts'
import type { Seconds } from '../domain/time.ts'
import { readJson } from '../format/json.ts'
import { type Members, member } from '../format/members.ts'
import { placeOf } from './files.ts'
import {
  fault,
  flagAt,
  isMadeUp,
  listAt,
  newShape,
  numberAt,
  objectAt,
  type Shape,
  textAt,
  textOf,
} from './shape.ts'

/** A catalog file as far as it could be read. */
export interface CatalogFile {
  /** What the file says; with values made up where the shape is wrong. */
  readonly catalog: Catalog
  /** The catalog is exactly what the file says. */
  readonly shapely: boolean
  /** Faults of the shape together with those found in `catalog`, except where a made-up value may be their cause. */
  faultsWith(found: readonly CatalogFault[]): readonly CatalogFault[]
}

const HOUR: Seconds = 3_600
const DEFAULT_STATEMENT_HOURS = 24
/** A year: what a statement permits is believed without asking again until it ends. */
const MOST_STATEMENT_HOURS = 8_784

const DEPTH = 8

/** Reads the text of a catalog file (contract 6). Strict: a repeated or unknown member is a fault, with its path. */
export function readCatalogFile(text: string): CatalogFile {
  const shape = newShape()
  const read = readJson(text, { maxDepth: DEPTH, duplicates: 'refuse' })
  const nothing: Catalog = { products: [], offers: [] }
  const catalog = read.ok
    ? catalogIn(shape, read.value)
    : fault(shape, '', `is no JSON: ${read.why} (${placeOf(text, read.at)})`, nothing)
  return {
    catalog,
    shapely: shape.faults.length === 0,
    faultsWith: (found) => [...shape.faults, ...found.filter(({ path }) => !isMadeUp(shape, path))],
  }
}

/** Every fault that shows without knowing a server. */
export const faultsOf = (file: CatalogFile): readonly CatalogFault[] =>
  file.faultsWith(checkCatalog(file.catalog))

/** The catalog in the form of its file; reading it again gives the same catalog. */
export function catalogDocument({ products, offers }: Catalog) {
  const document = ({ statementLife, features, editions, ...product }: Product) => {
    return { ...product, statementHours: statementLife / HOUR, features, editions }
  }
  return { products: products.map(document), offers }
}

function catalogIn(shape: Shape, value: unknown): Catalog {
  const file = objectAt(shape, value, '', ['products', 'offers'])
  return {
    products: listAt(shape, file, 'products', '', (item, path) => productIn(shape, item, path)),
    offers: listAt(shape, file, 'offers', '', (item, path) => offerIn(shape, item, path), []),
  }
}

const PRODUCT = ['id', 'code', 'name', 'graceDays', 'statementHours', 'needsDevice', 'features', 'editions']

function productIn(shape: Shape, value: unknown, path: string): Product {
  const product = objectAt(shape, value, path, PRODUCT)
  const code = textAt(shape, product, 'code', path)
  return {
    id: numberAt(shape, product, 'id', path),
    code,
    name: textAt(shape, product, 'name', path, code),
    graceDays: numberAt(shape, product, 'graceDays', path, 0),
    statementLife: statementHours(shape, product, path) * HOUR,
    ...(flagAt(shape, product, 'needsDevice', path) && { needsDevice: true }),
    features: namesIn(shape, product, path),
    editions: listAt(shape, product, 'editions', path, (item, at) => editionIn(shape, item, at)),
  }
}

function editionIn(shape: Shape, value: unknown, path: string): Edition {
  const edition = objectAt(shape, value, path, ['id', 'code', 'features'])
  return {
    id: numberAt(shape, edition, 'id', path),
    code: textAt(shape, edition, 'code', path),
    features: namesIn(shape, edition, path),
  }
}

function offerIn(shape: Shape, value: unknown, path: string): Offer {
  const offer = objectAt(shape, value, path, OFFER)
  return {
    channel: textAt(shape, offer, 'channel', path),
    ...optionalText(shape, offer, 'marketplaceProduct', path),
    ...optionalText(shape, offer, 'sku', path),
    product: textAt(shape, offer, 'product', path),
    edition: textAt(shape, offer, 'edition', path),
    seats: seatsIn(shape, offer, path),
  }
}

const OFFER = ['channel', 'marketplaceProduct', 'sku', 'product', 'edition', 'seats']

/** Present where the file has it: a missing one matches any. */
function optionalText<K extends string>(
  shape: Shape,
  from: Members,
  name: K,
  path: string,
): { [key in K]?: string } {
  if (member(from, name) === undefined) return {}
  return { [name]: textAt(shape, from, name, path) } as { [key in K]?: string }
}

function seatsIn(shape: Shape, offer: Members, path: string): number | 'amount' {
  const seats = member(offer, 'seats')
  if (seats === undefined) return 1
  if (typeof seats === 'number' || seats === 'amount') return seats
  return fault(
    shape,
    `${path}.seats`,
    'must be a number (0 = unlimited) or "amount", the order\'s quantity',
    1,
  )
}

function statementHours(shape: Shape, product: Members, path: string): number {
  const hours = numberAt(shape, product, 'statementHours', path, DEFAULT_STATEMENT_HOURS)
  if (isMadeUp(shape, `${path}.statementHours`)) return DEFAULT_STATEMENT_HOURS
  if (Number.isInteger(hours) && hours >= 1 && hours <= MOST_STATEMENT_HOURS) return hours
  const sentence = `must be a whole number from 1 to ${MOST_STATEMENT_HOURS}, not ${hours}`
  return fault(shape, `${path}.statementHours`, sentence, DEFAULT_STATEMENT_HOURS)
}

const namesIn = (shape: Shape, from: Members, path: string): readonly string[] =>
  listAt(shape, from, 'features', path, (item, at) => textOf(shape, item, at), [])
