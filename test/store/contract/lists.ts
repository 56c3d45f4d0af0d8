import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { DAY, freeze, idOf, NOON, next, renewal, sale } from './samples.ts'

export function lists(fresh: Fresh): void {
  describe('pages of licenses', () => {
    async function pages(store: Store, limit: number): Promise<string[][]> {
      const found: string[][] = []
      let after: string | null = null
      do {
        const page: Awaited<ReturnType<Store['page']>> = await store.page(after, limit)
        found.push(page.items.map(({ id }) => id))
        after = page.next
      } while (after !== null)
      return found
    }

    it('follow the order of creation, with every license once', async () => {
      const { store } = await fresh()
      // Created in three seconds, against the order of their ids.
      for (const n of [1, 2, 3, 4, 5, 6, 7]) {
        await store.commit({ change: sale(n, { id: idOf(100 - n), at: NOON + Math.floor(n / 3) }) })
      }
      const expected = [2, 1, 5, 4, 3, 7, 6].map((n) => idOf(100 - n))
      for (const limit of [1, 2, 3, 7, 50]) expect((await pages(store, limit)).flat()).toEqual(expected)
      expect(await pages(store, 3)).toHaveLength(3)
    })

    it('end with a page that is exactly full', async () => {
      const { store } = await fresh()
      for (const n of [1, 2, 3, 4]) await store.commit({ change: sale(n) })
      expect((await pages(store, 2)).map((page) => page.length)).toEqual([2, 2])
    })

    it('are not moved by a license sold meanwhile', async () => {
      const { store } = await fresh()
      for (const n of [1, 2, 3]) await store.commit({ change: sale(n, { at: NOON + n }) })
      const first = await store.page(null, 2)
      await store.commit({ change: sale(4, { at: NOON }) })
      const second = await store.page(first.next, 2)
      expect(second.items.map(({ id }) => id)).toEqual([idOf(3)])
    })

    it('are empty where there is nothing, or where the text is no place in the list', async () => {
      const { store } = await fresh()
      expect(await store.page(null, 10)).toEqual({ items: [], next: null })
      await store.commit({ change: sale(1) })
      for (const text of ['', 'x', idOf(1), `${NOON}`, `${NOON}-`, `-1-${idOf(1)}`, `9-${idOf(1)} `]) {
        expect(await store.page(text, 10)).toEqual({ items: [], next: null })
      }
    })
  })

  describe('licenses past grace', () => {
    const END = NOON + 30 * DAY
    const GRACE = 3 * DAY

    it('are due from the first second the software stops, the longest due first', async () => {
      const { store } = await fresh()
      await store.commit({ change: sale(1) })
      await store.commit({ change: sale(2, { terms: { paidUntil: END - DAY } }) })
      await store.commit({ change: sale(3, { terms: { graceDays: 0 } }) })
      expect(await store.due(END - 1, 10)).toEqual([])
      expect(await store.due(END, 10)).toEqual([idOf(3)])
      expect(await store.due(END + GRACE - 1, 10)).toEqual([idOf(3), idOf(2)])
      expect(await store.due(END + GRACE, 10)).toEqual([idOf(3), idOf(2), idOf(1)])
      expect(await store.due(END + GRACE, 2)).toEqual([idOf(3), idOf(2)])
    })

    it('are not due when perpetual, renewed, frozen or released', async () => {
      const { store } = await fresh()
      await store.commit({ change: sale(1, { terms: { paidUntil: null } }) })
      const changes = [renewal('R1', 900), freeze(), { type: 'released', at: NOON } as const]
      for (const [index, event] of changes.entries()) {
        const first = sale(2 + index)
        await store.commit({ change: first })
        await store.commit({ change: next(first.after, event) })
      }
      expect(await store.due(END + GRACE, 10)).toEqual([])
      expect(await store.due(NOON + 900 * DAY + GRACE, 10)).toEqual([idOf(2)])
    })

    it('are due again once reinstated', async () => {
      const { store } = await fresh()
      const first = sale(1)
      const frozen = next(first.after, freeze())
      await store.commit({ change: first })
      await store.commit({ change: frozen })
      await store.commit({ change: next(frozen.after, { type: 'reinstated', at: NOON }) })
      expect(await store.due(END + GRACE, 10)).toEqual([idOf(1)])
    })
  })
}
