import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/domain/events.ts'
import type { License } from '../../../src/domain/license.ts'
import type { Fresh } from './harness.ts'
import { DAY, freeze, idOf, NOON, next, renewal, sale } from './samples.ts'

const PRODUCT = 1001
const END = NOON + 33 * DAY

const released: Event = { type: 'released', at: NOON + DAY }
const reinstated: Event = { type: 'reinstated', at: NOON + 2 * DAY }
const leaked: Event = { type: 'reissued', leaked: true, binding: null, at: NOON + DAY }
const shortened = (days: number): Event => ({
  type: 'shortened',
  order: `S${days}`,
  paidUntil: NOON + days * DAY,
  at: NOON + DAY,
})

/** What revocation lists are made from, and the memory of those given out. */
export function listings(fresh: Fresh): void {
  async function withLicense(...events: readonly Event[]) {
    const { store, beside } = await fresh()
    const first = sale(1)
    await store.commit({ change: first })
    let after: License = first.after
    for (const event of events) {
      const change = next(after, event)
      await store.commit({ change })
      after = change.after
    }
    const listed = (now: number) => store.listed(PRODUCT, now, 10)
    const changes = async () => (await store.listState(PRODUCT)).changes
    return { store, beside, listed, changes, after }
  }

  describe('the listed licenses of a product', () => {
    const frozen = { minRevision: 2, why: 'frozen', until: END }
    it.each<[string, readonly Event[], object[]]>([
      ['a license that was sold', [], []],
      ['renewed', [renewal('R1', 90)], []],
      ['re-issued without a leak', [{ ...leaked, leaked: false } as Event], []],
      ['frozen', [freeze()], [frozen]],
      ['frozen and reinstated', [freeze(), reinstated], []],
      ['released', [released], [{ ...frozen, why: 'released' }]],
      ['frozen, then released', [freeze(), released], [{ ...frozen, minRevision: 3, why: 'released' }]],
      ['shortened', [shortened(10)], [{ ...frozen, why: 'superseded' }]],
      ['ended by a shortening', [shortened(0)], [{ ...frozen, why: 'superseded' }]],
      ['leaked', [leaked], [{ ...frozen, why: 'superseded' }]],
      [
        'shortened, frozen and reinstated',
        [shortened(10), freeze(), reinstated],
        [{ ...frozen, why: 'superseded' }],
      ],
    ])('are, of one %s', async (_what, events, expected) => {
      const { listed } = await withLicense(...events)
      const entries = expected.map((entry) => ({ id: idOf(1), ...entry }))
      expect(await listed(NOON + 2 * DAY)).toEqual(entries)
      expect(await listed(END - 1)).toEqual(entries)
      expect(await listed(END)).toEqual([])
    })

    it('are for ever where a perpetual code is out', async () => {
      const { store } = await fresh()
      const first = sale(1, { terms: { paidUntil: null } })
      await store.commit({ change: first })
      await store.commit({ change: next(first.after, freeze()) })
      expect(await store.listed(PRODUCT, Number.MAX_SAFE_INTEGER - 1, 10)).toEqual([
        { id: idOf(1), minRevision: 2, why: 'frozen', until: null },
      ])
      expect((await store.byId(idOf(1)))?.codes).toEqual({ until: null, shutOut: null })
    })

    it('are of no other product, nor more than asked for', async () => {
      const { store } = await fresh()
      for (const n of [1, 2, 3, 4]) {
        const first = sale(n, { terms: { product: n === 4 ? 2002 : PRODUCT } })
        await store.commit({ change: first })
        await store.commit({ change: next(first.after, freeze()) })
      }
      expect(await store.listed(PRODUCT, NOON, 10)).toHaveLength(3)
      expect(await store.listed(2002, NOON, 10)).toHaveLength(1)
      expect(await store.listed(PRODUCT, NOON, 2)).toHaveLength(2)
      expect(await store.listed(5, NOON, 10)).toEqual([])
    })

    it('are forgotten with the freeze of what has run out', async () => {
      const { listed, changes } = await withLicense({ type: 'frozen', reason: 'expired', at: END })
      expect(await listed(NOON)).toEqual([])
      expect(await changes()).toBe(0)
    })
  })

  describe('the changes of a list', () => {
    it.each<[number, string, readonly Event[]]>([
      [0, 'a sale', []],
      [0, 'a sale and a renewal', [renewal('R1', 90)]],
      [1, 'a freeze', [freeze()]],
      [2, 'a freeze and its end', [freeze(), reinstated]],
      [2, 'a freeze and a release', [freeze(), released]],
      [1, 'a shortening and a renewal', [shortened(10), renewal('R1', 90)]],
    ])('are %i after %s', async (count, _what, events) => {
      const { changes } = await withLicense(...events)
      expect(await changes()).toBe(count)
    })

    it('are seen by another process, and are of their product alone', async () => {
      const { beside } = await withLicense(freeze())
      const other = await beside()
      expect(await other.listState(PRODUCT)).toEqual({ changes: 1, published: null })
      expect(await other.listState(2002)).toEqual({ changes: 0, published: null })
    })

    it('are not made by a change that another writer came before', async () => {
      const { store, after, changes } = await withLicense()
      await store.commit({ change: next(after, renewal('R1', 90)) })
      expect(await store.commit({ change: next(after, freeze()) })).toBe('conflict')
      expect(await changes()).toBe(0)
    })
  })

  describe('the newest list given out', () => {
    const first = { number: 7, issuedAt: NOON, digest: 'aa' }
    const second = { number: 9, issuedAt: NOON + 5, digest: 'bb' }

    it('is remembered, beside the changes', async () => {
      const { store, beside } = await withLicense(freeze())
      expect(await store.publishList(PRODUCT, null, first)).toBe('committed')
      expect(await store.listState(PRODUCT)).toEqual({ changes: 1, published: first })
      expect(await (await beside()).publishList(PRODUCT, first, second)).toBe('committed')
      expect(await store.listState(PRODUCT)).toEqual({ changes: 1, published: second })
      expect(await store.listState(2002)).toEqual({ changes: 0, published: null })
    })

    it('is remembered of a product nothing was listed of, and later changes leave it', async () => {
      const { store, after } = await withLicense()
      expect(await store.publishList(PRODUCT, null, first)).toBe('committed')
      expect(await store.listState(PRODUCT)).toEqual({ changes: 0, published: first })
      await store.commit({ change: next(after, freeze()) })
      expect(await store.listState(PRODUCT)).toEqual({ changes: 1, published: first })
    })

    it('is replaced by one writer alone', async () => {
      const { store, beside } = await withLicense(freeze())
      const other = await beside()
      await store.publishList(PRODUCT, null, first)
      expect(await other.publishList(PRODUCT, null, second)).toBe('conflict')
      expect(await other.publishList(PRODUCT, { ...first, number: 6 }, second)).toBe('conflict')
      expect((await store.listState(PRODUCT)).published).toEqual(first)
      expect(await other.publishList(PRODUCT, first, second)).toBe('committed')
      expect(await store.publishList(PRODUCT, first, { ...second, number: 10 })).toBe('conflict')
    })
  })
}
