import { describe, expect, test } from 'vitest'
import {
  type Catalog,
  featureBits,
  featureNames,
  findEdition,
  findProduct,
  matchOffer,
} from '../../src/domain/catalog.ts'
import { termsOf } from '../../src/domain/terms.ts'
import { CAD, CATALOG } from './catalog-samples.ts'
import { day } from './samples.ts'

const [standard, flagship] = CAD.editions

describe('the catalog', () => {
  test('finds a product and an edition by code and by id', () => {
    expect(findProduct(CATALOG, 'cad-pro')).toBe(CAD)
    expect(findProduct(CATALOG, 1001)).toBe(CAD)
    expect(findEdition(CAD, 'flagship')).toBe(flagship)
    expect(findEdition(CAD, 1)).toBe(standard)
  })
  test.each(['CAD-PRO', 'cad', '', '1001', 1, 1002])('has no product %j', (name) => {
    expect(findProduct(CATALOG, name)).toBeNull()
  })
  test.each(['gold', '1', 3])('has no edition %j', (name) => {
    expect(findEdition(CAD, name)).toBeNull()
  })
})

describe('the offer a sale matches', () => {
  const offer = (
    edition: string,
    match: { marketplaceProduct?: string; sku?: string },
    channel = 'huawei',
  ) => ({
    channel,
    product: 'cad-pro',
    edition,
    seats: 1,
    ...match,
  })
  const catalog: Catalog = {
    products: [CAD],
    offers: [
      offer('anything', {}),
      offer('sku', { sku: 'gold' }),
      offer('product', { marketplaceProduct: 'OFFI1' }),
      offer('both', { marketplaceProduct: 'OFFI1', sku: 'gold' }),
      offer('elsewhere', { marketplaceProduct: 'OFFI1', sku: 'gold' }, 'other'),
    ],
  }
  const reversed = { ...catalog, offers: catalog.offers.toReversed() }

  test.each([
    ['OFFI1', 'gold', 'both'],
    ['OFFI1', 'silver', 'product'],
    ['OFFI1', null, 'product'],
    ['OFFI2', 'gold', 'sku'],
    ['OFFI2', 'silver', 'anything'],
    ['OFFI2', null, 'anything'],
  ])('of product %s and sku %s is the most specific, whatever the order of the file', (product, sku, edition) => {
    expect(matchOffer(catalog, 'huawei', product, sku)).toMatchObject({ edition })
    expect(matchOffer(reversed, 'huawei', product, sku)).toMatchObject({ edition })
  })
  test('names the product before the sku', () => {
    const two = { ...catalog, offers: catalog.offers.slice(1, 3) }
    expect(matchOffer(two, 'huawei', 'OFFI1', 'gold')).toMatchObject({ edition: 'product' })
  })
  test('is none on a channel that offers nothing', () => {
    expect(matchOffer(catalog, 'aws', 'OFFI1', 'gold')).toBeNull()
  })
  test('is none where the sale has no sku and every offer asks for one', () => {
    expect(matchOffer({ ...catalog, offers: [catalog.offers[1]!] }, 'huawei', 'OFFI1', null)).toBeNull()
  })
})

describe('feature bits', () => {
  test.each([
    [[], 0],
    [['render'], 0b001],
    [['simulate', 'render'], 0b101],
    [['render', 'export', 'simulate'], 0b111],
    [['render', 'render'], 0b001],
  ])('of %j are %i', (names, bits) => {
    expect(featureBits(CAD, names)).toBe(bits)
  })
  test('of the 24th feature is the highest of 24', () => {
    const features = Array.from({ length: 24 }, (_, i) => `f${i}`)
    expect(featureBits({ ...CAD, features }, ['f23'])).toBe(0x80_0000)
    expect(featureNames({ ...CAD, features }, 0x80_0001)).toEqual(['f0', 'f23'])
  })
  test('of an unknown feature are a bug of the caller', () => {
    expect(() => featureBits(CAD, ['fly'])).toThrow('product "cad-pro" has no feature "fly"')
  })
  test('are named in bit order, a bit without a name left out', () => {
    expect(featureNames(CAD, 0b1101)).toEqual(['render', 'simulate'])
    expect(featureNames(CAD, 0)).toEqual([])
  })
})

describe('the terms of a sale', () => {
  const sold = { seats: 7, paidUntil: day(100), trial: false, binding: null }
  test('join the product, the edition and what was sold', () => {
    expect(termsOf(CAD, flagship!, sold)).toEqual({
      ok: true,
      value: { product: 1001, edition: 2, features: 0b111, graceDays: 3, ...sold },
    })
  })
  test('may be a trial with an end, or perpetual', () => {
    expect(termsOf(CAD, standard!, { ...sold, trial: true })).toMatchObject({
      ok: true,
      value: { trial: true },
    })
    expect(termsOf(CAD, standard!, { ...sold, paidUntil: null })).toMatchObject({
      ok: true,
      value: { paidUntil: null },
    })
  })
  test('are refused for a perpetual trial', () => {
    const refusal = { ok: false, no: { reason: 'perpetual_trial' } }
    expect(termsOf(CAD, standard!, { ...sold, trial: true, paidUntil: null })).toEqual(refusal)
  })
})
