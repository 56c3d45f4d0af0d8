import { describe, expect, test } from 'vitest'
import type { Catalog, Edition } from '../../src/domain/catalog.ts'
import { checkCatalogChange } from '../../src/domain/catalog-change.ts'
import { CAD, CATALOG, withProduct } from './catalog-samples.ts'

const [standard, flagship] = CAD.editions as readonly [Edition, Edition]
const LITE = { ...CAD, id: 1002, code: 'cad-lite' }

describe('a catalog may be replaced', () => {
  test.each<[string, Catalog]>([
    ['by itself', CATALOG],
    ['by one with another product, in front', { ...CATALOG, products: [LITE, CAD] }],
    [
      'by one with another edition',
      withProduct({ editions: [{ ...standard, id: 3, code: 'team' }, ...CAD.editions] }),
    ],
    ['by one with a feature added at the end', withProduct({ features: [...CAD.features, 'fly'] })],
    [
      'by one with another choice of features in an edition',
      withProduct({ editions: [{ ...standard, features: [] }, flagship] }),
    ],
    [
      'by one with another name, grace and statement life',
      withProduct({ name: 'CAD', graceDays: 0, statementLife: 60 }),
    ],
    ['by one without offers', { ...CATALOG, offers: [] }],
  ])('%s', (_name, next) => {
    expect(checkCatalogChange(CATALOG, next)).toEqual([])
  })
  test('by anything when it was empty', () => {
    expect(checkCatalogChange({ products: [], offers: [] }, CATALOG)).toEqual([])
  })
})

describe('a change of the catalog is refused', () => {
  const features = (names: string[]) => withProduct({ features: names })
  const editions = (...list: Edition[]) => withProduct({ editions: list })
  const cases: readonly [string, Catalog, readonly [string, RegExp][]][] = [
    [
      'that drops a product',
      { ...CATALOG, products: [LITE] },
      [['products', /product 1001 "cad-pro" is in use/]],
    ],
    [
      'that gives a product id to another code',
      withProduct({ code: 'new' }),
      [['products[0].code', /id 1001 belongs to "cad-pro"/]],
    ],
    [
      'that gives a product another id',
      withProduct({ id: 7 }),
      [['products[0].id', /code "cad-pro" belongs to id 1001/]],
    ],
    [
      'that drops an edition',
      editions(flagship),
      [['products[0].editions', /edition 1 "standard" is in use/]],
    ],
    [
      'that gives an edition id to another code',
      editions({ ...standard, code: 'basic' }, flagship),
      [['products[0].editions[0].code', /id 1 belongs to "standard"/]],
    ],
    [
      'that gives an edition another id',
      editions({ ...standard, id: 3 }, flagship),
      [['products[0].editions[0].id', /belongs to id 1 /]],
    ],
    [
      'that removes the last feature',
      features(['render', 'export']),
      [['products[0].features', /"simulate" must stay at \[2\]: a feature is never removed/]],
    ],
    [
      'that renames a feature',
      features(['render', 'print', 'simulate']),
      [['products[0].features', /"export" must stay at \[1\].*removed/]],
    ],
    [
      'that swaps two features',
      features(['export', 'render', 'simulate']),
      [
        ['products[0].features[1]', /"render" must stay at \[0\]: a feature is never moved/],
        ['products[0].features[0]', /"export" must stay at \[1\]: a feature is never moved/],
      ],
    ],
    [
      'that adds a feature in front',
      features(['fly', ...CAD.features]),
      [
        ['products[0].features[1]', /"render"/],
        ['products[0].features[2]', /"export"/],
        ['products[0].features[3]', /"simulate"/],
      ],
    ],
  ]
  test.each(cases)('%s', (_name, next, faults) => {
    const expected = faults.map(([path, sentence]) => ({ path, sentence: expect.stringMatching(sentence) }))
    expect(checkCatalogChange(CATALOG, next)).toEqual(expected)
  })
  test('that swaps the ids of two editions, for each of them', () => {
    const swapped = editions({ ...standard, id: 2 }, { ...flagship, id: 1 })
    expect(checkCatalogChange(CATALOG, swapped).map(({ path }) => path)).toEqual([
      'products[0].editions[1].code',
      'products[0].editions[0].id',
      'products[0].editions[0].code',
      'products[0].editions[1].id',
    ])
  })
  test('with all faults of all products together', () => {
    const current: Catalog = { products: [CAD, LITE], offers: [] }
    const next: Catalog = { products: [{ ...LITE, features: [] }], offers: [] }
    expect(checkCatalogChange(current, next).map(({ path }) => path)).toEqual([
      'products',
      'products[0].features',
      'products[0].features',
      'products[0].features',
    ])
  })
})
