import { describe, expect, it } from 'vitest'
import type { Fresh } from './harness.ts'
import { recall } from './recalled.ts'
import { idOf, markOf, NOON, originOf, parkedOf, sale } from './samples.ts'

export function calls(fresh: Fresh): void {
  describe('a replay mark', () => {
    it('is found by its signature and by its nonce', async () => {
      const { store } = await fresh()
      await store.commit({ mark: markOf(1) })
      expect(await store.mark('feedc0de', 'signature-1', 'another')).toEqual(markOf(1))
      expect(await store.mark('feedc0de', 'another', 'nonce-1')).toEqual(markOf(1))
      expect(await store.mark('feedc0de', 'another', null)).toBeNull()
      expect(await store.mark('feedc0de', 'nonce-1', 'signature-1')).toBeNull()
    })

    it('is of one access key', async () => {
      const { store } = await fresh()
      await store.commit({ mark: markOf(1) })
      expect(await store.mark('00000000', 'signature-1', 'nonce-1')).toBeNull()
      expect(await store.commit({ mark: markOf(1, { accessKey: '00000000' }) })).toBe('committed')
    })

    it('refuses a second with its signature, and a second with its nonce', async () => {
      const { store } = await fresh()
      await store.commit({ mark: markOf(1) })
      expect(await store.commit({ mark: markOf(2, { signature: 'signature-1' }) })).toBe('conflict')
      expect(await store.commit({ mark: markOf(2, { nonce: 'nonce-1' }) })).toBe('conflict')
      expect(await store.commit({ mark: markOf(2) })).toBe('committed')
    })

    it('without a nonce stands beside others without', async () => {
      const { store } = await fresh()
      for (const n of [1, 2]) {
        expect(await store.commit({ mark: markOf(n, { nonce: null }) })).toBe('committed')
      }
      expect(await store.mark('feedc0de', 'signature-2', null)).toEqual(markOf(2, { nonce: null }))
    })

    it('is swept after it expired, the oldest first, so many at a time', async () => {
      const { store } = await fresh()
      for (const n of [1, 2, 3, 4]) await store.commit({ mark: markOf(n, { expires: NOON + n }) })
      expect(await store.sweepMarks(NOON + 1, 10)).toBe(0)
      expect(await store.sweepMarks(NOON + 4, 2)).toBe(2)
      expect(await store.mark('feedc0de', 'signature-2', 'nonce-2')).toBeNull()
      expect(await store.mark('feedc0de', 'signature-3', null)).not.toBeNull()
      expect(await store.sweepMarks(NOON + 4, 2)).toBe(1)
      expect(await store.mark('feedc0de', 'signature-4', null)).not.toBeNull()
      expect(await store.commit({ mark: markOf(1) })).toBe('committed')
    })
  })

  describe('a remembered answer', () => {
    it('is the first one for ever, byte for byte', async () => {
      const { store } = await fresh()
      const order = { id: '订单', line: '' }
      const answer = { channel: '华为云', order, fields: 'f', body: '{"a":"许可\\u0000\n"}' }
      expect(await store.commit({ answer })).toBe('committed')
      expect(await store.commit({ answer: { ...answer, body: 'another' } })).toBe('conflict')
      const found = { fields: 'f', body: answer.body }
      expect((await recall(store, '华为云', '订单', '')).answer).toEqual(found)
      expect((await recall(store, '华为', '订单', '')).answer).toBeNull()
      expect((await recall(store, '华为云', '订单', '订单')).answer).toBeNull()
      expect((await recall(store, '华为云', '', '订单')).answer).toBeNull()
    })
  })

  describe('a parked call', () => {
    it('waits once, also when it is sent again', async () => {
      const { store } = await fresh()
      expect(await store.commit({ park: parkedOf(1) })).toBe('committed')
      const again = parkedOf(1, { at: NOON + 99, intent: 'another' })
      expect(await store.commit({ park: again, mark: markOf(1) })).toBe('committed')
      expect(await store.parked(10)).toEqual([parkedOf(1)])
      expect(await store.mark('feedc0de', 'signature-1', null)).not.toBeNull()
    })

    it('is listed the oldest first, all or those before a time', async () => {
      const { store } = await fresh()
      const order = parkedOf(2, { instance: null, why: 'no_matching_offer' })
      for (const park of [parkedOf(3), parkedOf(1), order]) await store.commit({ park })
      expect(await store.parked(10)).toEqual([parkedOf(1), order, parkedOf(3)])
      expect(await store.parked(2)).toEqual([parkedOf(1), order])
      expect(await store.parked(10, NOON + 2)).toEqual([parkedOf(1)])
      expect(await store.parkedCount()).toBe(3)
    })

    it('keeps its place among the calls of the same second', async () => {
      const { store } = await fresh()
      const instance = 'PL-1'
      for (const n of [5, 2, 9, 1]) await store.commit({ park: parkedOf(n, { instance, at: NOON }) })
      const came = ['parked-5', 'parked-2', 'parked-9', 'parked-1']
      expect((await store.parkedFor('huawei', instance)).map(({ key }) => key)).toEqual(came)
      expect((await store.parked(10)).map(({ key }) => key)).toEqual(came)
    })

    it('is found by the instance it waits for', async () => {
      const { store } = await fresh()
      const instance = 'PL-1'
      for (const n of [2, 1]) await store.commit({ park: parkedOf(n, { instance }) })
      await store.commit({ park: parkedOf(3, { instance, channel: 'another' }) })
      const waiting = await store.parkedFor('huawei', instance)
      expect(waiting.map(({ key }) => key)).toEqual(['parked-1', 'parked-2'])
      expect(await store.parkedFor('huawei', 'PL-2')).toEqual([])
    })

    it('is found by the order it names, whichever channel it came by', async () => {
      const { store } = await fresh()
      const order = 'CS7'
      for (const n of [2, 1]) await store.commit({ park: parkedOf(n, { order, instance: null }) })
      await store.commit({ park: parkedOf(3, { order, channel: 'another' }) })
      await store.commit({ park: parkedOf(4, { order: null }) })
      await store.commit({ park: parkedOf(77) })
      const keys = (await store.parkedUnder(order)).map(({ key }) => key)
      expect(keys).toEqual(['parked-1', 'parked-2', 'parked-3'])
      expect(await store.parkedUnder('CS')).toEqual([])
    })

    it('whose license has come is found by its instance, once, whatever else waits', async () => {
      const { store } = await fresh()
      const order = { instance: null, why: 'no_matching_offer' } as const
      for (const n of [1, 2, 3]) await store.commit({ park: parkedOf(n, order) })
      for (const n of [11, 12, 13])
        await store.commit({ park: parkedOf(n, { instance: idOf(n > 12 ? 8 : 7) }) })
      await store.commit({ park: parkedOf(20, { instance: idOf(7), channel: 'another' }) })
      expect(await store.arrived(10)).toEqual([])
      for (const n of [7, 8]) await store.commit({ change: sale(n) })
      const here = [7, 8].map((n) => ({ channel: 'huawei', instance: idOf(n) }))
      expect(await store.arrived(10)).toEqual(here)
      expect(await store.arrived(1)).toHaveLength(1)
    })

    it('ends with the batch that settles it, and only with that', async () => {
      const { store } = await fresh()
      for (const n of [1, 2]) await store.commit({ park: parkedOf(n) })
      await store.commit({ mark: markOf(1) })
      expect(await store.commit({ unpark: ['parked-1'], mark: markOf(1) })).toBe('conflict')
      expect(await store.parkedCount()).toBe(2)
      expect(await store.commit({ unpark: ['parked-1', 'never-parked'] })).toBe('committed')
      expect(await store.parked(10)).toEqual([parkedOf(2)])
    })

    it('is refused when its license came meanwhile', async () => {
      const { store } = await fresh()
      await store.commit({ change: sale(1) })
      const instance = originOf(1).instance
      expect(await store.commit({ park: parkedOf(1, { instance }), mark: markOf(1) })).toBe('conflict')
      expect(await store.mark('feedc0de', 'signature-1', null)).toBeNull()
      expect(await store.commit({ park: parkedOf(1, { instance: idOf(2) }) })).toBe('committed')
    })
  })
}
