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
      expect(await store.dueAlerts(NOON + 60, 10)).toEqual([
        { id, alert: alertOf('a'), attempts: 1, due: NOON + 60 },
      ])
    })

    it('is claimed by one of those who read it, and is due again when the claim has run out', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      await store.queueAlert(alertOf('a'))
      const [seen] = await store.dueAlerts(NOON, 1)
      const claims = [store, other, store].map((one) => one.claimAlert(seen!, NOON + 30))
      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
      expect(await other.dueAlerts(NOON + 29, 1)).toEqual([])
      expect(await other.dueAlerts(NOON + 30, 1)).toEqual([{ ...seen, due: NOON + 30 }])
      expect(await other.claimAlert(seen!, NOON + 60)).toBe(false)
    })

    it('cannot be claimed by who read it before it was settled or postponed', async () => {
      const { store } = await fresh()
      await store.queueAlert(alertOf('a'))
      await store.queueAlert(alertOf('b'))
      const [a, b] = await store.dueAlerts(NOON, 2)
      await store.settleAlert(a!.id)
      await store.postponeAlert(b!.id, NOON)
      expect(await store.claimAlert(a!, NOON + 30)).toBe(false)
      expect(await store.claimAlert(b!, NOON + 30)).toBe(false)
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
