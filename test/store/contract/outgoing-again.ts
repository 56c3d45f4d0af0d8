import { describe, expect, it } from 'vitest'
import type { OutgoingOrder } from '../../../src/authority/outgoing/calls.ts'
import type { OutgoingType } from '../../../src/authority/outgoing/port.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { dueCalls } from '../../support/due-calls.ts'
import type { Fresh } from './harness.ts'
import { idOf, NOON } from './samples.ts'

const orderOf = (n: number, over: Partial<OutgoingOrder> = {}): OutgoingOrder => ({
  ...{ id: idOf(n), channel: 'huawei', type: 'query_code', key: `L${n}`, sealed: `sealed-${n}`, at: NOON },
  ...over,
})

const queue = (store: Store, ...orders: readonly OutgoingOrder[]) => store.commit({ outgoing: orders })
const dueIds = async (store: Store, limit: number, now = NOON) =>
  (await dueCalls(store, now, limit)).map(({ id }) => id)

/** Claimed, and ended so. */
async function ends(store: Store, n: number, state: 'done' | 'dead', error: string | null): Promise<void> {
  const call = (await dueCalls(store, NOON + 99, 99)).find(({ id }) => id === idOf(n))!
  const { id, attempts } = (await store.claimCall(call, NOON + 160))!
  await store.commit({ ending: { id, attempts, state, error, at: NOON + 1 } })
}

export function outgoingAgain(fresh: Fresh): void {
  describe('outgoing calls that are due', () => {
    it('are given of each channel and type: a long queue of one hides none of another', async () => {
      const { store } = await fresh()
      const long = Array.from({ length: 30 }, (_, n) => orderOf(n + 1, { at: NOON - 30 + n }))
      const sale = orderOf(90, { channel: 'two', type: 'query_order' })
      await queue(store, ...long, orderOf(91, { channel: 'two' }), orderOf(92, { type: 'push_usage' }), sale)
      const firsts = [idOf(1), idOf(2)]
      expect(await dueIds(store, 2)).toEqual([...firsts, idOf(90), idOf(91), idOf(92)])
      expect(await dueIds(store, 2, NOON - 1)).toEqual(firsts)
      expect(await dueIds(store, 1)).toEqual([idOf(1), idOf(90), idOf(91), idOf(92)])
    })

    it('are given of one channel and type, so many at a time', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1), orderOf(2), orderOf(3, { type: 'push_usage', at: NOON - 1 }))
      await queue(store, orderOf(4, { channel: 'two' }), orderOf(5, { at: NOON - 2 }))
      const due = async (type: OutgoingType, limit: number) =>
        (await store.dueCalls('huawei', type, NOON, limit)).map(({ id }) => id)
      expect(await due('query_code', 9)).toEqual([idOf(5), idOf(1), idOf(2)])
      expect(await due('query_code', 2)).toEqual([idOf(5), idOf(1)])
      expect(await due('push_usage', 1)).toEqual([idOf(3)])
      expect(await due('query_order', 1)).toEqual([])
    })

    it('are counted by channel and type, with those that wait for later', async () => {
      const { store } = await fresh()
      expect(await store.waitingCalls('huawei', 'query_code')).toBe(0)
      await queue(store, ...[1, 2, 3, 4].map((n) => orderOf(n, { at: NOON + n })))
      await queue(store, orderOf(5, { channel: 'two' }), orderOf(6, { type: 'push_usage' }))
      await ends(store, 1, 'done', null)
      await ends(store, 2, 'dead', '92020002')
      expect(await store.waitingCalls('huawei', 'query_code')).toBe(2)
    })
  })

  describe('an outgoing call whose occasion comes back', () => {
    it('takes the place of one that was given up, as if that had never been', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1))
      await ends(store, 1, 'dead', '92020002')
      const again = { ...orderOf(2, { key: 'L1', at: NOON + 200 }), revives: true } as const
      expect(await queue(store, again)).toBe('committed')
      expect(await store.outgoingCall(idOf(1))).toBeNull()
      expect(await store.outgoingCall(idOf(2))).toEqual({
        ...{ id: idOf(2), channel: 'huawei', type: 'query_code', key: 'L1', at: NOON + 200 },
        ...{ state: 'waiting', due: NOON + 200, attempts: 0, error: null, triedAt: null },
      })
      expect(await dueCalls(store, NOON + 200, 9)).toMatchObject([{ id: idOf(2), sealed: 'sealed-2' }])
    })

    it('changes nothing while one waits, or where one is done', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1), orderOf(2))
      await ends(store, 2, 'done', null)
      const before = await store.outgoingCalls(null, null, 9)
      const again = [orderOf(3, { key: 'L1' }), orderOf(4, { key: 'L2' })]
      await queue(store, ...again.map((order) => ({ ...order, revives: true }) as const))
      expect(await store.outgoingCalls(null, null, 9)).toEqual(before)
    })

    it('does not bring back what is queued once', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1))
      await ends(store, 1, 'dead', '92020002')
      await queue(store, orderOf(2, { key: 'L1' }))
      expect(await store.outgoingCall(idOf(1))).toMatchObject({ state: 'dead' })
      expect(await store.outgoingCall(idOf(2))).toBeNull()
    })

    it('is queued where there was none', async () => {
      const { store } = await fresh()
      await queue(store, { ...orderOf(1), revives: true }, { ...orderOf(2), revives: true })
      expect(await dueCalls(store, NOON, 9)).toEqual(
        [orderOf(1), orderOf(2)].map((order) => ({ ...order, attempts: 0, due: NOON })),
      )
    })
  })

  describe('a further access key of a channel', () => {
    const key = { id: 'aaaaaaaa', sealed: 'k', createdAt: NOON + 200 }
    const REFUSED = 'unauthorized MKT.0151 access_key'

    async function withChannel(store: Store): Promise<void> {
      const windows = { timestamp: 60, authToken: 900 }
      const channel = { name: 'huawei', kind: 'huawei', timeZone: 'UTC', windows, keys: [], openApi: null }
      await store.addChannel(channel)
    }

    it('makes due what every key was refused for, waiting or dead, and nothing else', async () => {
      const { store } = await fresh()
      await withChannel(store)
      const dead = [REFUSED, 'unauthorized APIGW.0301', '92020002']
      await queue(store, orderOf(90, { channel: 'two' }), ...[1, 2, 3].map((n) => orderOf(n)))
      for (const [n, error] of dead.entries()) await ends(store, n + 1, 'dead', error)
      await ends(store, 90, 'dead', REFUSED)
      await queue(store, orderOf(4), orderOf(5))
      for (const [n, error] of [[4, REFUSED] as const, [5, 'timeout'] as const]) {
        const call = (await dueCalls(store, NOON, 9)).find(({ id }) => id === idOf(n))!
        await store.postponeCall((await store.claimCall(call, NOON + 60))!, NOON + 900, error, NOON + 1)
      }
      expect(await store.addAccessKey('huawei', key)).toBe('committed')
      expect(await dueCalls(store, NOON + 200, 9)).toEqual([
        { ...orderOf(1), attempts: 0, due: NOON + 200 },
        { ...orderOf(4), attempts: 1, due: NOON + 200 },
      ])
      await store.setOpenApi('huawei', { site: 'cn', sealed: 's', since: NOON + 300 })
      expect(await dueIds(store, 9, NOON + 300)).toEqual([idOf(1), idOf(4), idOf(2), idOf(5)])
    })

    it('wakes nothing when it is taken already', async () => {
      const { store } = await fresh()
      await withChannel(store)
      await store.addAccessKey('huawei', key)
      await queue(store, orderOf(1))
      await ends(store, 1, 'dead', REFUSED)
      expect(await store.addAccessKey('huawei', key)).toBe('conflict')
      expect(await dueIds(store, 9, NOON + 999)).toEqual([])
    })
  })

  describe('other credentials of a channel', () => {
    const ERRORS: readonly [string, boolean][] = [
      ['unauthorized APIGW.0301', true],
      ['unauthorized HTTP_401', true],
      ['unauthorized MKT.0151 access_key', false],
      ['no_credentials', true],
      ['credentials_unreadable', true],
      ['92020002', false],
      ['timeout', false],
      ['call_unreadable', false],
    ]

    it('make due what was given up for those before, and nothing else that is dead', async () => {
      const { store } = await fresh()
      const windows = { timestamp: 60, authToken: 900 }
      const channel = { name: 'huawei', kind: 'huawei', timeZone: 'UTC', windows, keys: [], openApi: null }
      await store.addChannel(channel)
      await queue(store, orderOf(90, { channel: 'two' }), ...ERRORS.map((_, n) => orderOf(n + 1)))
      for (const [n, [error]] of ERRORS.entries()) await ends(store, n + 1, 'dead', error)
      await ends(store, 90, 'dead', 'unauthorized APIGW.0301')
      await store.setOpenApi('huawei', { site: 'cn', sealed: 's', since: NOON + 10 })
      const revived = ERRORS.flatMap(([, isOfThem], n) => (isOfThem ? [n + 1] : []))
      expect(await dueCalls(store, NOON + 10, 9)).toEqual(
        revived.map((n) => ({ ...orderOf(n), attempts: 0, due: NOON + 10 })),
      )
      const dead = (await store.outgoingCalls('dead', null, 9)).items
      expect(dead.map(({ error }) => error).sort()).toEqual(
        [
          '92020002',
          'call_unreadable',
          'timeout',
          'unauthorized APIGW.0301',
          'unauthorized MKT.0151 access_key',
        ].sort(),
      )
    })
  })
}
