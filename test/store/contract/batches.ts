import { describe, expect, it } from 'vitest'
import type { Fresh } from './harness.ts'
import { recall } from './recalled.ts'
import { codeOf, freeze, idOf, markOf, next, originOf, parkedOf, purchase, renewal, sale } from './samples.ts'

/** All or nothing, and one winner. */
export function batches(fresh: Fresh): void {
  describe('a batch', () => {
    it('leaves license, event, code, answer and mark together', async () => {
      const { store } = await fresh()
      const batch = purchase(1)
      expect(await store.commit(batch)).toBe('committed')
      expect(await store.byId(idOf(1))).toEqual(batch.change.after)
      expect(await store.newestCode(idOf(1))).toEqual(batch.change.code)
      expect(await store.history(idOf(1))).toHaveLength(1)
      const { fields, body } = batch.answer!
      expect((await recall(store, 'huawei', 'CS1', 'L1')).answer).toEqual({ fields, body })
      expect(await store.mark('feedc0de', 'signature-1', null)).toEqual(batch.mark)
    })

    it('leaves nothing of itself when one of its statements comes second', async () => {
      const { store } = await fresh()
      await store.commit({ mark: markOf(1) })
      const testCode = codeOf({ id: idOf(9), revision: 1 })
      const change = { ...sale(2), customer: 'sealed' }
      const batch = { ...purchase(2), change, mark: markOf(1), testCode, park: parkedOf(3) }
      expect(await store.commit(batch)).toBe('conflict')
      expect(await store.byId(idOf(2))).toBeNull()
      expect(await store.customer(idOf(2))).toBeNull()
      expect((await recall(store, 'huawei', 'CS2', 'L2')).answer).toBeNull()
      expect((await store.presented(testCode)).issued).toBe(false)
      expect(await store.parkedCount()).toBe(0)
      expect(await store.newestEventAt()).toBeNull()
    })

    it('throws for a row the schema does not allow, and leaves nothing of itself', async () => {
      const { store } = await fresh()
      const { change, mark } = purchase(1)
      const impossible = { ...change, after: { ...change.after, status: 'lost' } } as unknown as typeof change
      await expect(store.commit({ mark, change: impossible })).rejects.toThrow(/licenses_status/)
      expect(await store.mark('feedc0de', 'signature-1', null)).toBeNull()
    })

    it('may be empty', async () => {
      const { store } = await fresh()
      expect(await store.commit({})).toBe('committed')
    })
  })

  describe('the optimistic lock', () => {
    it('lets one of eight writers of the same revision win', async () => {
      const { store } = await fresh()
      const first = sale(1)
      await store.commit({ change: first })
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          store.commit({ change: next(first.after, renewal(`R${n}`, 60 + n)), mark: markOf(n) }),
        ),
      )
      expect(results.filter((result) => result === 'committed')).toHaveLength(1)
      const winner = results.indexOf('committed')
      expect((await store.byId(idOf(1)))?.orders).toEqual(['CS1', `R${winner}`])
      expect(await store.history(idOf(1))).toHaveLength(2)
      expect(await store.mark('feedc0de', `signature-${(winner + 1) % 8}`, null)).toBeNull()
    })

    it('refuses a writer that read an older revision', async () => {
      const { store } = await fresh()
      const first = sale(1).after
      await store.commit({ change: sale(1) })
      await store.commit({ change: next(first, freeze()) })
      expect(await store.commit({ change: next(first, renewal('R1', 60)) })).toBe('conflict')
      expect((await store.byId(idOf(1)))?.status).toBe('frozen')
    })

    it('refuses a change of a license that is not there', async () => {
      const { store } = await fresh()
      expect(await store.commit({ change: next(sale(1).after, freeze()) })).toBe('conflict')
      expect(await store.byId(idOf(1))).toBeNull()
    })

    it('lets one of two win that note an order without an event', async () => {
      const { store } = await fresh()
      const change = sale(1)
      await store.commit({ change })
      const before = change.after
      const note = (order: string) => {
        const after = { ...before, orders: [...before.orders, order] }
        return { change: { ...change, before, after, events: [], code: null } }
      }
      expect(await Promise.all([store.commit(note('R1')), store.commit(note('R2'))])).toEqual([
        'committed',
        'conflict',
      ])
      expect((await store.byId(idOf(1)))?.orders).toEqual(['CS1', 'R1'])
      expect(await store.newestCode(idOf(1))).toEqual(change.code)
    })
  })

  describe('an order without an event', () => {
    it('is noted only on the revision it was weighed against', async () => {
      const { store } = await fresh()
      const change = sale(1)
      const before = change.after
      await store.commit({ change })
      await store.commit({ change: next(before, freeze()) })
      const after = { ...before, orders: [...before.orders, 'R1'] }
      const note = { ...change, before, after, events: [], code: null }
      expect(await store.commit({ change: note })).toBe('conflict')
      expect(await store.byId(idOf(1))).toEqual(next(before, freeze()).after)
    })
  })

  describe('one license', () => {
    it('belongs to an order line', async () => {
      const { store } = await fresh()
      await store.commit({ change: sale(1) })
      const { order } = originOf(1)
      expect(await store.commit({ change: sale(2, { origin: { order } }) })).toBe('conflict')
      const line = { id: order!.id, line: '' }
      expect(await store.commit({ change: sale(3, { origin: { order: line } }) })).toBe('committed')
      const elsewhere = { channel: 'huawei-test', order }
      expect(await store.commit({ change: sale(4, { origin: elsewhere }) })).toBe('committed')
      expect((await store.byOrder('huawei', line))?.id).toBe(idOf(3))
      expect((await store.byOrder('huawei-test', order!))?.id).toBe(idOf(4))
    })

    it('belongs to an instance of a channel', async () => {
      const { store } = await fresh()
      await store.commit({ change: sale(1) })
      const { instance } = originOf(1)
      expect(await store.commit({ change: sale(2, { origin: { instance } }) })).toBe('conflict')
      const elsewhere = { channel: 'huawei-test', instance }
      expect(await store.commit({ change: sale(3, { origin: elsewhere }) })).toBe('committed')
      expect((await store.byInstance('huawei', instance!))?.id).toBe(idOf(1))
      expect(await store.byInstance('huawei', idOf(3))).toBeNull()
    })

    it('has an id that no other gets', async () => {
      const { store } = await fresh()
      await store.commit({ change: sale(1) })
      expect(await store.commit({ change: sale(2, { id: idOf(1) }) })).toBe('conflict')
    })

    it('of a direct sale is not bound to an order', async () => {
      const { store } = await fresh()
      const origin = { channel: null, instance: null, order: { id: 'same', line: '' } }
      const results = [1, 2].map((n) => store.commit({ change: sale(n, { origin }) }))
      expect(await Promise.all(results)).toEqual(['committed', 'committed'])
    })
  })
}
