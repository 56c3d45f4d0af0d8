import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/domain/events.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import type { License } from '../../../src/domain/license.ts'
import type { Fresh } from './harness.ts'
import { freeze, idOf, NOON, next, originOf, renewal, sale, TERMS } from './samples.ts'

export function histories(fresh: Fresh): void {
  describe('the history', () => {
    it('tells every kind of event as it happened, with who and why', async () => {
      const { store } = await fresh()
      const by = { who: 'callback:华为云', reason: '客户来电' }
      const entitlement = { edition: 3, seats: 0, features: 0b1 }
      const events: Event[] = [
        { type: 'met', id: idOf(1), origin: originOf(1, { order: null }), at: NOON },
        { type: 'activated', order: 'CS1', terms: { ...TERMS, trial: true }, at: NOON + 1 },
        { type: 'renewed', order: 'R1', paidUntil: null, formal: true, at: NOON + 2 },
        { type: 'shortened', order: null, paidUntil: NOON + 9, at: NOON + 3 },
        { type: 'changed', order: 'R2', entitlement, at: NOON + 4 },
        { type: 'frozen', reason: 'violation', at: NOON + 5 },
        { type: 'reinstated', at: NOON + 6 },
        { type: 'reissued', leaked: true, binding: null, at: NOON + 7 },
        { type: 'released', at: NOON + 8 },
      ]
      let before: License | null = null
      for (const event of events) {
        const after: License = evolve(before, event)
        await store.commit({ change: { before, after, events: [event], by, code: null, customer: null } })
        before = after
      }
      expect(await store.history(idOf(1))).toStrictEqual(
        events.map((event, index) => ({ revision: index + 1, event, by })),
      )
    })

    it('numbers several events of one change', async () => {
      const { store } = await fresh()
      const first = sale(1)
      await store.commit({ change: first })
      const frozen = next(first.after, freeze())
      const renewed = next(frozen.after, renewal('R1', 60))
      const events = [...frozen.events, ...renewed.events]
      await store.commit({ change: { ...renewed, before: first.after, events } })
      const entries = await store.history(idOf(1))
      expect(entries.map(({ revision, event }) => [revision, event.type])).toEqual([
        [1, 'issued'],
        [2, 'frozen'],
        [3, 'renewed'],
      ])
    })

    it('of a license nobody sold is empty', async () => {
      const { store } = await fresh()
      expect(await store.history(idOf(1))).toEqual([])
    })

    it('never disagrees with the revision of its license', async () => {
      const { store } = await fresh()
      const change = sale(1)
      const skipped = { ...change, code: null, after: { ...change.after, revision: 2 } }
      await expect(store.commit({ change: skipped })).rejects.toThrow(/revision 2/)
    })

    it('knows its newest event by time, not by order of writing', async () => {
      const { store } = await fresh()
      expect(await store.newestEventAt()).toBeNull()
      await store.commit({ change: sale(1, { at: NOON + 50 }) })
      await store.commit({ change: sale(2, { at: NOON - 50 }) })
      expect(await store.newestEventAt()).toBe(NOON + 50)
    })
  })
}
