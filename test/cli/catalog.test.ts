import { describe, expect, it } from 'vitest'
import { CATALOG, emptyStage, stage } from './stage.ts'

const product = CATALOG.products[0]!

/** A stage whose file `next.json` is to replace the catalog. */
async function holding(next: unknown) {
  const made = await stage()
  made.files.set('next.json', typeof next === 'string' ? next : JSON.stringify(next))
  return made
}

const withProduct = (change: object) => ({ ...CATALOG, products: [{ ...product, ...change }] })

describe('licet catalog apply', () => {
  it('applies a catalog once, and says when a file changes nothing', async () => {
    const { licet } = await holding(withProduct({ name: 'CAD Pro 2' }))
    const counts = { products: 1, offers: 1 }
    expect((await licet('catalog', 'apply', 'next.json', '--json')).json()).toEqual({
      changed: true,
      ...counts,
    })
    expect((await licet('catalog', 'apply', 'next.json', '--json')).json()).toEqual({
      changed: false,
      ...counts,
    })
    expect((await licet('catalog', 'apply', 'next.json')).out).toContain('unchanged')
  })

  it('reads what `catalog show --json` prints', async () => {
    const { licet, files } = await stage()
    files.set('shown.json', (await licet('catalog', 'show', '--json')).out)
    expect((await licet('catalog', 'apply', 'shown.json', '--json')).json().changed).toBe(false)
  })

  it.each([
    [
      'a feature that moved',
      withProduct({ features: ['export', 'render', 'simulate'] }),
      'products[0].features[1]',
    ],
    ['a feature that is gone', withProduct({ features: ['render'], editions: [] }), 'products[0].features'],
    ['a product that is gone', { products: [], offers: [] }, 'products'],
    ['an id under another code', withProduct({ code: 'cad-max' }), 'products[0].code'],
  ])('refuses %s, and changes nothing', async (_, next, path) => {
    const { licet } = await holding(next)
    const before = (await licet('catalog', 'show', '--json')).json()
    const { exit, err, json } = await licet('catalog', 'apply', 'next.json', '--json')
    expect(exit).toBe(1)
    expect(err).toContain(`next.json: ${path} `)
    expect(json().error).toBe('catalog_faults')
    expect(json().faults).toContainEqual({ file: 'next.json', path, sentence: expect.any(String) })
    expect((await licet('catalog', 'show', '--json')).json()).toEqual(before)
  })

  it('accepts offers of a channel that is still to come, and says so', async () => {
    const { licet } = await holding({ ...CATALOG, offers: [{ ...CATALOG.offers[0], channel: 'acme' }] })
    const { exit, json } = await licet('catalog', 'apply', 'next.json', '--json')
    expect(exit).toBe(0)
    expect(json()).toMatchObject({ changed: true, missingChannels: ['acme'] })
    expect((await licet('catalog', 'apply', 'next.json')).err).toContain('acme')
  })

  it('reports faults of the shape, of the sense and of the change together', async () => {
    const { licet } = await holding({
      ...withProduct({ graceDays: 'three', features: ['export', 'render', 'simulate'] }),
      offers: [{ channel: 'acme', product: 'cad-pro', edition: 'gold' }],
    })
    const { exit, out, err } = await licet('catalog', 'apply', 'next.json')
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(
      err
        .split('\n')
        .filter((line) => line.startsWith('  '))
        .map((line) => line.split(' ')[3]),
    ).toEqual([
      'products[0].graceDays',
      'offers[0].edition',
      'products[0].features[1]',
      'products[0].features[0]',
    ])
  })

  it.each([
    ['a file that is not there', null],
    ['a file that is empty', ''],
    ['a file that is no JSON', 'products: []'],
    ['a file with a member twice', '{"products": [], "products": []}'],
    ['a file with a misspelled member', withProduct({ grace: 3 })],
  ])('ends with exit code 2 for %s', async (_, next) => {
    const { licet, files } = await holding(next ?? '')
    if (next === null) files.delete('next.json')
    const { exit, out, err } = await licet('catalog', 'apply', 'next.json')
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain('next.json')
  })
})

describe('licet catalog show', () => {
  it('shows products, editions and offers', async () => {
    const { licet } = await stage()
    const { out } = await licet('catalog', 'show')
    for (const shown of [
      'cad-pro (id 1001)',
      'render, export, simulate',
      'flagship',
      'sku-gold',
      "the order's amount",
    ])
      expect(out).toContain(shown)
  })

  it('says how to begin where there is none', async () => {
    const { licet } = emptyStage()
    await licet('init')
    expect((await licet('catalog', 'show')).out).toContain('licet catalog apply')
    expect((await licet('catalog', 'show', '--json')).json()).toEqual({ products: [], offers: [] })
  })
})
