import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { markOf, NOON } from './samples.ts'

const alertOf = (key: string, at = NOON): Alert => ({
  kind: 'parked_order',
  key,
  detail: { channel: '华为云', order: 'CS1', tries: 3 },
  at,
})

export function alerts(fresh: Fresh): void {
  describe('an alert', () => {
    it('is queued once, in a batch or alone', async () => {
      const { store } = await fresh()
      expect(await store.commit({ alerts: [alertOf('a'), alertOf('a')] })).toBe('committed')
      expect(await store.commit({ alerts: [alertOf('a')], mark: markOf(1) })).toBe('committed')
      await store.queueAlert({ ...alertOf('a'), detail: {} })
      const queued = await store.dueAlerts(NOON, 10)
      expect(queued.map(({ alert }) => alert)).toEqual([alertOf('a')])
      expect(await store.mark('feedc0de', 'signature-1', null)).not.toBeNull()
    })

    it('of the same key and another kind is another', async () => {
      const { store } = await fresh()
      await store.queueAlert(alertOf('a b'))
      await store.queueAlert({ ...alertOf('a b'), kind: 'not_issued' })
      const [first] = await store.dueAlerts(NOON, 10)
      await store.settleAlert(first!.id)
      expect(await store.dueAlerts(NOON, 10)).toHaveLength(1)
    })

    it('is due from when it was noticed, the oldest first, so many at a time', async () => {
      const { store } = await fresh()
      for (const [key, at] of Object.entries({ c: NOON + 2, a: NOON, b: NOON + 1 })) {
        await store.queueAlert(alertOf(key, at))
      }
      const due = async (now: number, limit: number) =>
        (await store.dueAlerts(now, limit)).map(({ alert }) => alert.key)
      expect(await due(NOON - 1, 10)).toEqual([])
      expect(await due(NOON + 2, 10)).toEqual(['a', 'b', 'c'])
      expect(await due(NOON + 2, 2)).toEqual(['a', 'b'])
    })

    it('waits when it is postponed, and remembers how often it was tried', async () => {
      const { store } = await fresh()
      await store.queueAlert(alertOf('a'))
      const { id, attempts } = (await store.dueAlerts(NOON, 1))[0]!
      expect(attempts).toBe(0)
      await store.postponeAlert(id, NOON + 60)
      expect(await store.dueAlerts(NOON + 59, 10)).toEqual([])
      expect(await store.dueAlerts(NOON + 60, 10)).toEqual([{ id, alert: alertOf('a'), attempts: 1 }])
    })

    it('is never due or queued again once it is settled', async () => {
      const { store } = await fresh()
      await store.queueAlert(alertOf('a'))
      const [queued] = await store.dueAlerts(NOON, 1)
      await store.settleAlert(queued!.id)
      await store.postponeAlert(queued!.id, NOON)
      await store.queueAlert(alertOf('a', NOON + 1))
      expect(await store.dueAlerts(NOON + 999, 10)).toEqual([])
    })

    it('goes with the batch that is refused', async () => {
      const { store } = await fresh()
      await store.commit({ mark: markOf(1) })
      expect(await store.commit({ mark: markOf(1), alerts: [alertOf('a')] })).toBe('conflict')
      expect(await store.dueAlerts(NOON, 10)).toEqual([])
    })
  })
}
