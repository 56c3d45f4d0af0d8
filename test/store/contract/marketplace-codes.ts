import { describe, expect, it } from 'vitest'
import type { CodeNote } from '../../../src/authority/marketplace-codes.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { dueCalls } from '../../support/due-calls.ts'
import type { Fresh } from './harness.ts'
import { idOf, NOON, next, sale } from './samples.ts'

const made = (store: Store, n: number, note: Partial<CodeNote> = {}, channel = 'huawei') =>
  store.commit({
    change: sale(n, { origin: { channel, instance: `PL${n}`, order: null } }),
    codes: [{ license: idOf(n), due: NOON + n, ...note }],
  })

const due = async (store: Store, now: number, limit = 9) =>
  (await store.codesDue(now, limit)).map(({ license }) => license)

export function marketplaceCodesContract(fresh: Fresh): void {
  describe('a code that a marketplace made', () => {
    it('is kept with its license, and only with it', async () => {
      const { store } = await fresh()
      expect(await made(store, 1)).toBe('committed')
      expect(await store.marketplaceCode(idOf(1))).toEqual({
        ...{ license: idOf(1), channel: 'huawei', code: 'PL1', status: 'active', due: NOON + 1 },
        ...{ activatedAt: null, confirmedAt: null, said: null, repaired: null, repairedAt: null },
      })
      expect(await made(store, 1)).toBe('conflict')
      expect(await store.marketplaceCode(idOf(2))).toBeNull()
    })

    it('keeps its first activation, and the newest of what was said and repaired', async () => {
      const { store } = await fresh()
      const license = idOf(1)
      await made(store, 1, { activatedAt: NOON, told: { at: NOON, said: 'alive' } })
      await store.commit({ codes: [{ license, due: NOON + 9, activatedAt: NOON + 5 }] })
      expect(await store.marketplaceCode(license)).toMatchObject({
        activatedAt: NOON,
        said: 'alive',
        due: NOON + 9,
      })
      const told = { at: NOON + 6, said: 'released' } as const
      const repair = { at: NOON + 6, events: 'released' }
      await store.commit({ codes: [{ license, due: null, told, repair }] })
      await store.commit({ codes: [{ license, due: null }] })
      expect(await store.marketplaceCode(license)).toMatchObject({
        ...{ confirmedAt: NOON + 6, said: 'released', repaired: 'released', repairedAt: NOON + 6, due: null },
      })
    })

    it('is due by its time, the longest due first, so many at a time', async () => {
      const { store } = await fresh()
      for (const n of [3, 1, 2]) await made(store, n)
      await made(store, 4, { due: null })
      expect(await due(store, NOON)).toEqual([])
      expect(await due(store, NOON + 2)).toEqual([idOf(1), idOf(2)])
      expect(await due(store, NOON + 99, 2)).toEqual([idOf(1), idOf(2)])
    })

    it('has the status of its license', async () => {
      const { store } = await fresh()
      await made(store, 1)
      const license = (await store.byId(idOf(1)))!
      await store.commit({ change: next(license, { type: 'released', at: NOON }) })
      expect(await store.codesDue(NOON + 1, 9)).toMatchObject([{ status: 'released' }])
    })

    it('is listed by its license, of one channel or of all', async () => {
      const { store } = await fresh()
      for (const n of [2, 1, 3]) await made(store, n)
      await made(store, 4, {}, 'other')
      const pages = []
      for (let after: string | null = null; ; ) {
        const page = await store.marketplaceCodes('huawei', after, 2)
        pages.push(page.items.map(({ code }) => code))
        after = page.next
        if (after === null) break
      }
      expect(pages).toEqual([['PL1', 'PL2'], ['PL3']])
      expect((await store.marketplaceCodes(null, null, 9)).items).toHaveLength(4)
      expect(await store.marketplaceCodes('nobody', null, 9)).toEqual({ items: [], next: null })
    })

    it('is due at once where somebody says so, but for those never asked about again', async () => {
      const { store } = await fresh()
      await made(store, 1)
      await made(store, 2, {}, 'other')
      await made(store, 3, { due: null })
      await store.askAboutAll('huawei', NOON - 5)
      expect(await due(store, NOON - 5)).toEqual([idOf(1)])
      await store.askAboutAll(null, NOON - 5)
      expect((await due(store, NOON - 5)).sort()).toEqual([idOf(1), idOf(2)])
    })
  })

  describe('the end of a question about a code', () => {
    it('leaves nothing of it, so that it may be asked again', async () => {
      const { store } = await fresh()
      const order = {
        id: idOf(1),
        channel: 'huawei',
        type: 'query_code',
        key: 'k',
        sealed: 's',
        at: NOON,
      } as const
      await store.commit({ outgoing: [order] })
      const [call] = await dueCalls(store, NOON, 1)
      const { id, attempts } = (await store.claimCall(call!, NOON + 60))!
      const ending = { id, attempts, state: 'forgotten', error: null, at: NOON } as const
      expect(await store.commit({ ending: { ...ending, attempts: 0 } })).toBe('conflict')
      expect(await store.commit({ ending })).toBe('committed')
      expect(await store.outgoingCall(id)).toBeNull()
      expect(await store.commit({ ending })).toBe('conflict')
      await store.commit({ outgoing: [{ ...order, id: idOf(2) }] })
      expect(await dueCalls(store, NOON, 9)).toMatchObject([{ id: idOf(2) }])
    })
  })
}
