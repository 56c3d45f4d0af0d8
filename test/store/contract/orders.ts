import { describe, expect, it } from 'vitest'
import type { LearntOrder, LedgerOrder, OrderNote } from '../../../src/authority/orders.ts'
import type { Store } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { idOf, NOON, purchase, sale } from './samples.ts'

const noteOf = (n: number, over: Partial<OrderNote> = {}): OrderNote => ({
  channel: 'huawei',
  order: { id: `CS${n}`, line: `L${n}` },
  cause: 'notice',
  license: null,
  state: 'asked',
  at: NOON + n,
  learnt: null,
  ...over,
})

const LEARNT: LearntOrder = {
  kind: 'NEW',
  orderedAt: NOON - 9,
  charging: 'PERIOD',
  paidUntil: NOON + 99,
  marketplaceProduct: '商品',
  sku: null,
  quantity: '5',
}

const ofNote = ({ at, ...note }: OrderNote): LedgerOrder => ({
  ...note,
  notedAt: at,
  learntAt: note.learnt && at,
})

const keep = async (store: Store, ...notes: readonly OrderNote[]) =>
  expect(await store.commit({ notes })).toBe('committed')

export function ordersContract(fresh: Fresh): void {
  describe('the order ledger', () => {
    it('gives back what was noted, learnt or not', async () => {
      const { store } = await fresh()
      const learnt = noteOf(2, { learnt: LEARNT, cause: 'opening', license: idOf(1), state: 'applied' })
      await keep(store, noteOf(1), learnt)
      expect(await store.order('huawei', { id: 'CS1', line: 'L1' })).toEqual(ofNote(noteOf(1)))
      expect(await store.order('huawei', { id: 'CS2', line: 'L2' })).toEqual(ofNote(learnt))
      expect(await store.order('huawei', { id: 'CS2', line: '' })).toBeNull()
      expect(await store.order('other', { id: 'CS2', line: 'L2' })).toBeNull()
    })

    it('keeps the first license and what was applied, and adds what is learnt', async () => {
      const { store } = await fresh()
      await keep(store, noteOf(1))
      await keep(store, noteOf(1, { at: NOON + 50, cause: 'upgrade', license: idOf(1), state: 'waiting' }))
      await keep(store, noteOf(1, { at: NOON + 60, license: idOf(2), state: 'applied', learnt: LEARNT }))
      await keep(store, noteOf(1, { at: NOON + 70, cause: 'renewal', state: 'refused' }))
      expect(await store.order('huawei', { id: 'CS1', line: 'L1' })).toEqual({
        ...ofNote(noteOf(1, { cause: 'renewal', license: idOf(1), state: 'applied', learnt: LEARNT })),
        learntAt: NOON + 60,
      })
    })

    it('is written in the batch that needs it, or not at all', async () => {
      const { store } = await fresh()
      await store.commit(purchase(1))
      expect(await store.commit({ ...purchase(1), notes: [noteOf(7)] })).toBe('conflict')
      expect(await store.order('huawei', { id: 'CS7', line: 'L7' })).toBeNull()
    })

    it('finds all lines of a number, sales that have no row among them', async () => {
      const { store } = await fresh()
      const windows = { timestamp: 60, authToken: 900 }
      await store.addChannel({
        name: 'huawei',
        kind: 'huawei',
        timeZone: 'UTC',
        windows,
        keys: [],
        openApi: null,
      })
      await store.commit({ change: sale(1) })
      await store.commit({ change: sale(2, { origin: { order: { id: 'CS1', line: 'L2' } } }) })
      await store.commit({ change: sale(3, { origin: { order: { id: 'CS1', line: 'L3' } } }) })
      const named = noteOf(1, { order: { id: 'CS1', line: 'L3' }, license: idOf(3) })
      await keep(store, named, noteOf(2))
      const found = await store.ordersNumbered('CS1')
      expect(found.map(({ order, cause, license }) => [order.line, cause, license])).toEqual([
        ['L1', 'sale', idOf(1)],
        ['L2', 'sale', idOf(2)],
        ['L3', 'notice', idOf(3)],
      ])
      expect(await store.ordersNumbered('CS9')).toEqual([])
    })

    it('finds what was sold without a marketplace under a number, and calls it no order of one', async () => {
      const { store } = await fresh()
      const own = (id: string) => ({ channel: null, instance: null, order: { id, line: '' } })
      await store.commit({ change: sale(2, { at: NOON + 2, origin: own('OWN') }) })
      await store.commit({ change: sale(1, { at: NOON + 1, origin: own('OWN') }) })
      await store.commit({ change: sale(3, { origin: own('OTHER') }) })
      await store.commit({ change: sale(4, { origin: { order: { id: 'OWN', line: 'L4' } } }) })
      expect(await store.soldDirectly('OWN')).toEqual([
        { license: idOf(1), soldAt: NOON + 1 },
        { license: idOf(2), soldAt: NOON + 2 },
      ])
      expect(await store.soldDirectly('own')).toEqual([])
      expect(await store.ordersNumbered('OTHER')).toEqual([])
    })

    it('finds those of a license, the oldest first', async () => {
      const { store } = await fresh()
      const license = idOf(1)
      await keep(
        store,
        noteOf(3, { license }),
        noteOf(1, { license }),
        noteOf(2),
        noteOf(4, { license: idOf(2) }),
      )
      expect((await store.ordersOf(license)).map(({ order }) => order.id)).toEqual(['CS1', 'CS3'])
    })

    it('pages through those that wait', async () => {
      const { store } = await fresh()
      const wait = (n: number, at = NOON) => noteOf(n, { state: 'waiting', at })
      await keep(store, wait(3), wait(1), noteOf(2), wait(5, NOON - 1), wait(4))
      const first = await store.waitingOrders(null, 2)
      expect(first.map(({ order }) => order.id)).toEqual(['CS5', 'CS1'])
      const second = await store.waitingOrders(first.at(-1)!, 9)
      expect(second.map(({ order }) => order.id)).toEqual(['CS3', 'CS4'])
    })

    it('pages through all, sales and notes merged by time, each once', async () => {
      const { store } = await fresh()
      for (const n of [1, 4, 6]) await store.commit({ change: sale(n, { at: NOON + n }) })
      const direct = { channel: null, instance: null, order: { id: 'OWN', line: '' } }
      await store.commit({ change: sale(9, { origin: direct }) })
      await keep(store, noteOf(2), noteOf(3), noteOf(5), noteOf(6, { cause: 'renewal' }))
      const seen: string[] = []
      let after: string | null = null
      do {
        const page: Awaited<ReturnType<Store['orderPage']>> = await store.orderPage(after, 2)
        expect(page.items.length).toBeLessThanOrEqual(2)
        seen.push(...page.items.map(({ order, cause }) => `${order.id} ${cause}`))
        after = page.next
      } while (after !== null)
      expect(seen).toEqual(['CS1 sale', 'CS2 notice', 'CS3 notice', 'CS4 sale', 'CS5 notice', 'CS6 renewal'])
    })

    it('gives an empty page for what is no place in it', async () => {
      const { store } = await fresh()
      await keep(store, noteOf(1))
      for (const after of ['', 'x', '!', 'e30', 'WzFd']) {
        expect(await store.orderPage(after, 9)).toEqual({ items: [], next: null })
      }
    })
  })
}
