import { describe, expect, test } from 'vitest'
import type { Catalog, Offer } from '../../src/domain/catalog.ts'
import { checkCatalog } from '../../src/domain/catalog-check.ts'
import { CAD, CATALOG, withProduct } from './catalog-samples.ts'

const EMPTY: Catalog = { products: [], offers: [] }
const [standard, flagship] = CAD.editions
const [gold] = CATALOG.offers
const withEditions = (...editions: (typeof CAD.editions)[number][]) =>
  withProduct({ editions, features: CAD.features })
const withOffers = (...offers: Partial<Offer>[]): Catalog => ({
  ...CATALOG,
  offers: offers.map((over) => ({ ...gold!, ...over })),
})
const anySku: Offer = {
  channel: 'huawei',
  marketplaceProduct: 'OFFI123',
  product: 'cad-pro',
  edition: 'standard',
  seats: 0,
}

describe('a catalog without a fault', () => {
  const atTheLimits = withProduct({
    id: 4_294_967_295,
    graceDays: 255,
    features: Array.from({ length: 24 }, (_, i) => `f${i}`),
    editions: [
      { id: 65_535, code: 'flagship', features: ['f0', 'f23'] },
      { id: 1, code: 'standard', features: [] },
    ],
  })
  test.each([
    ['is the sample of the contract', CATALOG],
    ['may be empty', EMPTY],
    ['may use every field to its limit', atTheLimits],
    ['may call a product by its own id', { products: [{ ...CAD, code: '1001' }], offers: [] }],
    ['may offer an unlimited number of seats', withOffers({ seats: 0 })],
    ['may offer as many seats as a code can carry', withOffers({ seats: 65_535 })],
    [
      'may have offers of different specificity',
      { ...CATALOG, offers: [gold!, anySku, { ...anySku, sku: 'x' }] },
    ],
    ['may offer the same on two channels', withOffers({}, { channel: 'huawei-cn' })],
    [
      'may use an edition id again in another product',
      { ...CATALOG, products: [CAD, { ...CAD, id: 1002, code: 'cad-lite' }] },
    ],
  ] as const)('%s', (_name, catalog) => {
    expect(checkCatalog(catalog)).toEqual([])
  })
})

describe('a catalog has a fault', () => {
  const faults: readonly [string, Catalog, string, RegExp][] = [
    [
      'when a product id is given twice',
      { ...CATALOG, products: [CAD, { ...CAD, code: 'b' }] },
      'products[1].id',
      /1001 is also the id of products\[0\]/,
    ],
    [
      'when a product code is given twice',
      { ...CATALOG, products: [CAD, { ...CAD, id: 2 }] },
      'products[1].code',
      /"cad-pro" is also the code/,
    ],
    [
      'when a product code is the id of another product',
      { ...CATALOG, products: [CAD, { ...CAD, id: 1002, code: '1001' }] },
      'products[1].code',
      /"1001" is also the id of products\[0\]/,
    ],
    [
      'when a product has no code',
      { products: [{ ...CAD, code: '' }], offers: [] },
      'products[0].code',
      /must not be empty/,
    ],
    [
      'when an edition id is given twice',
      withEditions(standard!, { ...flagship!, id: 1 }),
      'products[0].editions[1].id',
      /1 is also the id of/,
    ],
    [
      'when an edition code is given twice',
      withEditions(flagship!, { ...flagship!, id: 9 }),
      'products[0].editions[1].code',
      /"flagship" is also/,
    ],
    [
      'when an edition has no code',
      withEditions(flagship!, { ...standard!, code: '' }),
      'products[0].editions[1].code',
      /empty/,
    ],
    [
      'when a feature is named twice',
      withProduct({ features: [...CAD.features, 'render'] }),
      'products[0].features[3]',
      /also products\[0\]\.features\[0\]/,
    ],
    [
      'when a feature has no name',
      withProduct({ features: [...CAD.features, ''] }),
      'products[0].features[3]',
      /empty/,
    ],
    [
      'when a product has 25 features',
      withProduct({ features: [...CAD.features, ...Array.from({ length: 22 }, (_, i) => `f${i}`)] }),
      'products[0].features',
      /at most 24 features, not 25/,
    ],
    [
      'when an edition has an unknown feature',
      withEditions(standard!, { ...flagship!, features: ['render', 'fly'] }),
      'products[0].editions[1].features[1]',
      /no feature "fly"/,
    ],
    [
      'when an edition names a feature twice',
      withEditions(standard!, { ...flagship!, features: ['render', 'render'] }),
      'products[0].editions[1].features[1]',
      /also/,
    ],
    [
      'when an offer names an unknown product',
      withOffers({ product: 'cad' }),
      'offers[0].product',
      /no product "cad"/,
    ],
    [
      'when an offer names an unknown edition',
      withOffers({ edition: 'gold' }),
      'offers[0].edition',
      /"cad-pro" has no edition "gold"/,
    ],
    ['when an offer has no channel', withOffers({ channel: '' }), 'offers[0].channel', /empty/],
    [
      'when two offers match the same sales',
      withOffers({}, { edition: 'standard', seats: 3 }),
      'offers[1]',
      /offers\[0\] already matches/,
    ],
    [
      'when two offers match any sale of a product',
      { ...CATALOG, offers: [gold!, anySku, { ...anySku, seats: 2 }] },
      'offers[2]',
      /offers\[1\]/,
    ],
  ]
  test.each(faults)('%s', (_name, catalog, path, sentence) => {
    expect(checkCatalog(catalog)).toEqual([{ path, sentence: expect.stringMatching(sentence) }])
  })
  test.each([0, -1, 1.5, 4_294_967_296])('when a product id is %d', (id) => {
    expect(checkCatalog(withProduct({ id }))).toMatchObject([{ path: 'products[0].id' }])
  })
  test.each([0, 65_536, 2.5])('when an edition id is %d', (id) => {
    expect(checkCatalog(withEditions(flagship!, { ...standard!, id }))).toMatchObject([
      { path: 'products[0].editions[1].id' },
    ])
  })
  test.each([-1, 256, 0.5])('when the grace is %d days', (graceDays) => {
    expect(checkCatalog(withProduct({ graceDays }))).toMatchObject([{ path: 'products[0].graceDays' }])
  })
  test.each([0, -5, 0.5])('when the statement life is %d seconds', (statementLife) => {
    expect(checkCatalog(withProduct({ statementLife }))).toMatchObject([
      { path: 'products[0].statementLife' },
    ])
  })
  test.each([-1, 65_536, 1.5])('when an offer has %d seats', (seats) => {
    expect(checkCatalog(withOffers({ seats }))).toMatchObject([{ path: 'offers[0].seats' }])
  })
})

test('all faults of a catalog are reported together, in the order of the file', () => {
  const catalog: Catalog = {
    products: [
      {
        ...CAD,
        graceDays: 300,
        editions: [flagship!, { id: 0, code: 'flagship', features: ['fly', 'run'] }],
      },
    ],
    offers: [
      { ...gold!, product: 'nope' },
      { ...anySku, seats: -1 },
    ],
  }
  expect(checkCatalog(catalog).map(({ path }) => path)).toEqual([
    'products[0].graceDays',
    'products[0].editions[1].code',
    'products[0].editions[1].id',
    'products[0].editions[1].features[0]',
    'products[0].editions[1].features[1]',
    'offers[0].product',
    'offers[1].edition',
    'offers[1].seats',
  ])
})
