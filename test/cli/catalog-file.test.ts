import { describe, expect, it } from 'vitest'
import { catalogDocument, faultsOf, readCatalogFile } from '../../src/cli/catalog-file.ts'
import { CATALOG } from './stage.ts'

const faults = (text: string) => faultsOf(readCatalogFile(text))
const paths = (value: unknown) => faults(JSON.stringify(value)).map(({ path }) => path)

const product = CATALOG.products[0]!
const [standard] = product.editions
const offer = CATALOG.offers[0]!
const withProduct = (change: object) => ({ ...CATALOG, products: [{ ...product, ...change }] })
const withEdition = (change: object) =>
  withProduct({ editions: [{ ...standard, ...change }, product.editions[1]] })
const withOffer = (change: object) => ({ ...CATALOG, offers: [{ ...offer, ...change }] })

describe('a catalog file', () => {
  it('is read as contract 6 shows it', () => {
    const { catalog, shapely } = readCatalogFile(JSON.stringify(CATALOG))
    expect(shapely).toBe(true)
    expect(catalog).toEqual({ ...CATALOG, products: [{ ...product, statementLife: 86_400 }] })
    expect(paths(CATALOG)).toEqual([])
  })

  it('has a default for what a newcomer leaves out', () => {
    const small = {
      products: [{ id: 7, code: 'tool', editions: [{ id: 1, code: 'one' }] }],
      offers: [{ channel: 'huawei', product: 'tool', edition: 'one' }],
    }
    const { catalog } = readCatalogFile(JSON.stringify(small))
    expect(catalog).toEqual({
      products: [
        {
          id: 7,
          code: 'tool',
          name: 'tool',
          graceDays: 0,
          statementLife: 86_400,
          features: [],
          editions: [{ id: 1, code: 'one', features: [] }],
        },
      ],
      offers: [{ channel: 'huawei', product: 'tool', edition: 'one', seats: 1 }],
    })
  })

  it('may have no offers: not everything is sold by a marketplace', () => {
    const { catalog, shapely } = readCatalogFile(JSON.stringify({ products: [product] }))
    expect(shapely).toBe(true)
    expect(catalog.offers).toEqual([])
  })

  it('says how long a statement permits in hours', () => {
    const { catalog } = readCatalogFile(JSON.stringify(withProduct({ statementHours: 1 })))
    expect(catalog.products[0]?.statementLife).toBe(3_600)
  })

  it('is written so that reading it again gives the same catalog', () => {
    const { catalog } = readCatalogFile(
      JSON.stringify(withProduct({ statementHours: 48, name: 'CAD 专业版' })),
    )
    expect(readCatalogFile(JSON.stringify(catalogDocument(catalog))).catalog).toEqual(catalog)
  })
})

describe('a fault of a catalog file names its path', () => {
  it.each([
    ['no products', { offers: [] }, ['products']],
    ['products that are no list', { ...CATALOG, products: {} }, ['products', 'offers[0].product']],
    ['an unknown member of the file', { ...CATALOG, offer: [] }, ['offer']],
    ['a product that is no object', { products: [5], offers: [] }, ['products[0]']],
    ['a misspelled member of a product', withProduct({ gracedays: 3 }), ['products[0].gracedays']],
    ['a product without an id', withProduct({ id: undefined }), ['products[0].id']],
    ['an id that is text', withProduct({ id: '1001' }), ['products[0].id']],
    ['an id that is no whole number', withProduct({ id: 1.5 }), ['products[0].id']],
    ['an id beyond 32 bits', withProduct({ id: 4_294_967_296 }), ['products[0].id']],
    ['a code that is a number', withProduct({ code: 5 }), ['products[0].code', 'offers[0].product']],
    ['a name that is null', withProduct({ name: null }), ['products[0].name']],
    ['more grace than a code can carry', withProduct({ graceDays: 256 }), ['products[0].graceDays']],
    ['grace in text', withProduct({ graceDays: '3' }), ['products[0].graceDays']],
    ['statements that permit nothing', withProduct({ statementHours: 0 }), ['products[0].statementHours']],
    ['half an hour of statement', withProduct({ statementHours: 0.5 }), ['products[0].statementHours']],
    [
      'statements for longer than a year',
      withProduct({ statementHours: 8_785 }),
      ['products[0].statementHours'],
    ],
    ['hours in text', withProduct({ statementHours: '24' }), ['products[0].statementHours']],
    [
      'a member of the domain, not of the file',
      withProduct({ statementLife: 60 }),
      ['products[0].statementLife'],
    ],
    [
      'a feature that is no text',
      withProduct({ features: ['render', 'export', 'simulate', 4] }),
      ['products[0].features[3]'],
    ],
    [
      'a feature named twice',
      withProduct({ features: ['render', 'export', 'simulate', 'render'] }),
      ['products[0].features[3]'],
    ],
    [
      'a product without editions',
      withProduct({ editions: undefined }),
      ['products[0].editions', 'offers[0].edition'],
    ],
    ['an edition without a code', withEdition({ code: undefined }), ['products[0].editions[0].code']],
    [
      'an edition with a feature the product lacks',
      withEdition({ features: ['fly'] }),
      ['products[0].editions[0].features[0]'],
    ],
    ['an edition with seats', withEdition({ seats: 5 }), ['products[0].editions[0].seats']],
    ['two editions of one id', withEdition({ id: 2 }), ['products[0].editions[1].id']],
    ['an offer of no channel', withOffer({ channel: undefined }), ['offers[0].channel']],
    ['an offer of a product that is not there', withOffer({ product: 'cad' }), ['offers[0].product']],
    ['an offer of an edition that is not there', withOffer({ edition: 'gold' }), ['offers[0].edition']],
    ['an offer with a sku that is a number', withOffer({ sku: 5 }), ['offers[0].sku']],
    ['seats in a word nobody knows', withOffer({ seats: 'quantity' }), ['offers[0].seats']],
    ['more seats than a code can carry', withOffer({ seats: 65_536 }), ['offers[0].seats']],
    ['seats below none', withOffer({ seats: -1 }), ['offers[0].seats']],
    ['two offers that match the same sales', { ...CATALOG, offers: [offer, offer] }, ['offers[1]']],
    ['a list', [CATALOG], ['']],
  ])('%s', (_, value, expected) => expect(paths(value)).toEqual(expected))

  it('all of them together, of the shape and of the sense', () => {
    const bad = {
      products: [
        { ...product, grace: 1, id: 'x', editions: [{ id: 0, code: 'standard', features: ['fly'] }] },
      ],
      offers: [{ channel: 5, product: 'other', edition: 'x', seats: 'all' }],
    }
    expect(paths(bad)).toEqual([
      'products[0].grace',
      'products[0].id',
      'offers[0].channel',
      'offers[0].seats',
      'products[0].editions[0].id',
      'products[0].editions[0].features[0]',
      'offers[0].product',
    ])
  })

  it('does not complain of what it made up for a member that is wrong', () => {
    const nameless = { ...offer, channel: undefined }
    expect(paths({ ...CATALOG, offers: [nameless, nameless] })).toEqual([
      'offers[0].channel',
      'offers[1].channel',
    ])
  })
})

describe('a file that is no JSON', () => {
  it.each([
    ['nothing', '', 'line 1, column 1'],
    ['a comma too many', '{\n  "products": [],\n}', 'line 3, column 1'],
    ['a member twice', '{"products": [], "products": []}', 'line 1, column 18'],
    ['a comment', '// catalog\n{}', 'line 1, column 1'],
    ['text behind it', '{"products": []} x', 'line 1, column 18'],
  ])('%s: the place is named as an editor counts', (_, text, place) => {
    const [fault, ...more] = faults(text)
    expect(more).toEqual([])
    expect(fault?.path).toBe('')
    expect(fault?.sentence).toContain(place)
  })

  it('nests no deeper than a catalog does', () => {
    expect(faults(`{"products": ${'['.repeat(20)}${']'.repeat(20)}}`)[0]?.sentence).toContain(
      'nested too deep',
    )
  })

  it('takes __proto__ for the unknown member that it is', () => {
    expect(faults('{"products": [], "__proto__": {"offers": []}}').map(({ path }) => path)).toEqual([
      '__proto__',
    ])
  })
})

describe('a product that wants a device', () => {
  it('says so, and its document says it again', () => {
    const { catalog, shapely } = readCatalogFile(JSON.stringify(withProduct({ needsDevice: true })))
    expect(shapely).toBe(true)
    expect(catalog.products[0]).toMatchObject({ needsDevice: true })
    expect(readCatalogFile(JSON.stringify(catalogDocument(catalog))).catalog).toEqual(catalog)
  })

  it('is one like any other when it says false', () => {
    const { catalog } = readCatalogFile(JSON.stringify(withProduct({ needsDevice: false })))
    expect(catalog.products[0]).not.toHaveProperty('needsDevice')
  })

  it.each(['true', 1, null, {}])('does not say it by %j', (needsDevice) => {
    expect(paths(withProduct({ needsDevice }))).toEqual(['products[0].needsDevice'])
  })
})
