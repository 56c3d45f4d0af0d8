import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { codeOf, DAY, freeze, idOf, madeBy, NOON, next, originOf, renewal, sale } from './samples.ts'

const LEAKED = '0a1b2c3d'
const OTHER = '99999999'

export function keyLicensesContract(fresh: Fresh): void {
  describe('licenses of a key', () => {
    const ids = async (store: Store, after: string | null = null, limit = 50) =>
      (await store.licensesOfKey(LEAKED, after, limit)).map(({ id }) => id)

    async function sell(store: Store, n: number, kid = LEAKED) {
      const change = sale(n)
      await store.commit({ change: { ...change, code: { ...change.code!, kid } } })
      return change.after
    }

    it('come by id in pages, each once, whenever they were sold', async () => {
      const { store } = await fresh()
      for (const n of [5, 3, 9, 1, 7]) await sell(store, n)
      const all = [1, 3, 5, 7, 9].map(idOf)
      expect(await ids(store)).toEqual(all)
      for (const limit of [1, 2, 5]) {
        const found: string[] = []
        for (let page = await ids(store, null, limit); page.length > 0; ) {
          found.push(...page)
          page = await ids(store, page.at(-1)!, limit)
        }
        expect(found).toEqual(all)
      }
      expect(await store.countOfKey(LEAKED)).toBe(5)
    })

    it('come whole, as a look-up by id gives them', async () => {
      const { store } = await fresh()
      const { id } = await sell(store, 1)
      expect(await store.licensesOfKey(LEAKED, null, 9)).toStrictEqual([await store.byId(id)])
    })

    it('are none whose newest code is of another key, although an older one is not', async () => {
      const { store } = await fresh()
      await sell(store, 1, OTHER)
      const sold = await sell(store, 2)
      const renewed = next(sold, renewal('CS2-R', 60), true)
      await store.commit({ change: { ...renewed, code: { ...renewed.code!, kid: OTHER } } })
      expect(await ids(store)).toEqual([])
      expect(await store.countOfKey(LEAKED)).toBe(0)
    })

    it('are none that are frozen, released, pending or never had a code', async () => {
      const { store } = await fresh()
      const [frozen, released] = [await sell(store, 1), await sell(store, 2)]
      await store.commit({ change: next(frozen, freeze()) })
      await store.commit({ change: next(released, { type: 'released', at: NOON + DAY }) })
      const met = { type: 'met', id: idOf(3), origin: originOf(3), at: NOON } as const
      await store.commit({ change: madeBy([met]) })
      await store.commit({ change: { ...sale(4), code: null } })
      expect(await ids(store)).toEqual([])
      expect(await store.countOfKey(LEAKED)).toBe(0)
    })

    it('stay those of the key when a change issued no code', async () => {
      const { store } = await fresh()
      const sold = await sell(store, 1)
      const change = next(sold, { type: 'shortened', order: null, paidUntil: NOON - DAY, at: NOON })
      await store.commit({ change })
      expect(await ids(store)).toEqual([idOf(1)])
      expect(codeOf(sold).kid).toBe(LEAKED)
    })
  })
}
