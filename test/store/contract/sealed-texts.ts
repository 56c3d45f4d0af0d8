import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { idOf, sale } from './samples.ts'

export function sealedTextsContract(fresh: Fresh): void {
  describe('sealed texts', () => {
    async function withCustomers(store: Store, ...numbers: number[]): Promise<void> {
      for (const n of numbers) await store.commit({ change: { ...sale(n), customer: `sealed-${n}` } })
    }

    const all = (store: Store) => store.sealedTexts('customer', null, 50)

    it('of customers come by license, in pages', async () => {
      const { store } = await fresh()
      await withCustomers(store, 3, 1, 2)
      const expected = [1, 2, 3].map((n) => ({ name: idOf(n), sealed: `sealed-${n}` }))
      expect(await all(store)).toEqual(expected)
      expect(await store.sealedTexts('customer', null, 2)).toEqual(expected.slice(0, 2))
      expect(await store.sealedTexts('customer', idOf(2), 2)).toEqual(expected.slice(2))
      expect(await store.sealedTexts('customer', idOf(3), 2)).toEqual([])
    })

    it('of access keys and channels come and are replaced', async () => {
      const { store } = await fresh()
      const key = { id: 'feedc0de', sealed: 'before', createdAt: 1 }
      const windows = { timestamp: 60, authToken: 900 }
      await store.addChannel({
        name: 'huawei',
        kind: 'huawei',
        timeZone: 'UTC',
        windows,
        keys: [key],
        openApi: null,
      })
      const text = { name: 'feedc0de', sealed: 'before' }
      expect(await store.sealedTexts('access_key', null, 9)).toEqual([text])
      await store.replaceSealed('access_key', [{ name: text.name, before: 'before', sealed: 'after' }])
      expect((await store.channels())[0]!.keys).toEqual([{ ...key, sealed: 'after' }])
    })

    it('are replaced together, and nothing else with them', async () => {
      const { store } = await fresh()
      await withCustomers(store, 1, 2, 3)
      const change = (n: number) => ({ name: idOf(n), before: `sealed-${n}`, sealed: `new-${n}` })
      await store.replaceSealed('customer', [change(1), change(3)])
      expect((await all(store)).map(({ sealed }) => sealed)).toEqual(['new-1', 'sealed-2', 'new-3'])
      expect(await store.customer(idOf(1))).toBe('new-1')
    })

    it('that somebody else wrote meanwhile stay as they are', async () => {
      const { store } = await fresh()
      await withCustomers(store, 1)
      await store.replaceSealed('customer', [{ name: idOf(1), before: 'older', sealed: 'mine' }])
      expect(await store.customer(idOf(1))).toBe('sealed-1')
    })

    it('of a license that is gone do not come back', async () => {
      const { store } = await fresh()
      await store.replaceSealed('customer', [{ name: idOf(9), before: 'x', sealed: 'y' }])
      expect(await all(store)).toEqual([])
    })

    it('survive the rewriting of the database', async () => {
      const { store } = await fresh()
      await withCustomers(store, 1, 2)
      await store.compact()
      expect(await all(store)).toHaveLength(2)
      expect((await store.byId(idOf(1)))?.id).toBe(idOf(1))
    })
  })
}
