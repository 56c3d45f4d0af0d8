import { describe, expect, it } from 'vitest'
import type { OutgoingOrder } from '../../../src/authority/outgoing/calls.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { dueCalls } from '../../support/due-calls.ts'
import type { Fresh } from './harness.ts'
import { idOf, markOf, NOON, purchase } from './samples.ts'

const orderOf = (n: number, over: Partial<OutgoingOrder> = {}): OutgoingOrder => ({
  id: idOf(n),
  channel: 'huawei',
  type: 'query_order',
  key: `CS${n}`,
  sealed: `sealed-${n}`,
  at: NOON,
  ...over,
})

const queue = (store: Store, ...orders: readonly OutgoingOrder[]) => store.commit({ outgoing: orders })
const dueIds = async (store: Store, now: number, limit = 10) =>
  (await dueCalls(store, now, limit)).map(({ id }) => id)

/** As the process that is to make it. */
async function claimed(store: Store, until: number, now = NOON) {
  const [call] = await dueCalls(store, now, 1)
  return (await store.claimCall(call!, until))!
}

const ended = (state: 'done' | 'dead', error: string | null, at = NOON) => ({ state, error, at })

export function outgoing(fresh: Fresh): void {
  describe('an outgoing call', () => {
    it('is queued in the batch that needs it, once per channel, type and key', async () => {
      const { store } = await fresh()
      expect(await store.commit({ mark: markOf(1), outgoing: [orderOf(1), orderOf(2)] })).toBe('committed')
      expect(await queue(store, orderOf(3, { key: 'CS1', sealed: 'other' }))).toBe('committed')
      expect(await dueCalls(store, NOON, 10)).toEqual([
        { ...orderOf(1), attempts: 0, due: NOON },
        { ...orderOf(2), attempts: 0, due: NOON },
      ])
      await queue(store, orderOf(4, { key: 'CS1', type: 'query_code' }))
      await queue(store, orderOf(5, { key: 'CS1', channel: 'other' }))
      expect(await dueIds(store, NOON)).toEqual([idOf(1), idOf(2), idOf(4), idOf(5)])
    })

    it('is not queued by a batch that is a conflict', async () => {
      const { store } = await fresh()
      await store.commit(purchase(1))
      expect(await store.commit({ ...purchase(1), outgoing: [orderOf(1)] })).toBe('conflict')
      expect(await dueIds(store, NOON)).toEqual([])
    })

    it('is due from when it was queued, the longest due first, so many at a time', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(3, { at: NOON }), orderOf(1, { at: NOON + 2 }), orderOf(2, { at: NOON + 1 }))
      expect(await dueIds(store, NOON - 1)).toEqual([])
      expect(await dueIds(store, NOON + 1)).toEqual([idOf(3), idOf(2)])
      expect(await dueIds(store, NOON + 2, 2)).toEqual([idOf(3), idOf(2)])
    })

    it('is claimed by one of those who read it, and due again when the claim has run out', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      await queue(store, orderOf(1))
      const [call] = await dueCalls(store, NOON, 1)
      const [same] = await dueCalls(other, NOON, 1)
      expect(await store.claimCall(call!, NOON + 60)).toEqual({ ...call, attempts: 1, due: NOON + 60 })
      expect(await other.claimCall(same!, NOON + 60)).toBeNull()
      expect(await dueIds(other, NOON + 59)).toEqual([])
      expect(await dueCalls(other, NOON + 60, 10)).toMatchObject([{ id: idOf(1), attempts: 1 }])
    })

    it('waits when it is postponed, and remembers what its last try failed with', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1))
      const call = await claimed(store, NOON + 60)
      await store.postponeCall(call, NOON + 5, 'timeout', NOON + 1)
      expect(await dueIds(store, NOON + 4)).toEqual([])
      expect(await dueCalls(store, NOON + 5, 1)).toMatchObject([{ attempts: 1, sealed: 'sealed-1' }])
      expect(await store.outgoingCall(idOf(1))).toEqual({
        ...{ id: idOf(1), channel: 'huawei', type: 'query_order', key: 'CS1', at: NOON },
        ...{ state: 'waiting', due: NOON + 5, attempts: 1, error: 'timeout', triedAt: NOON + 1 },
      })
    })

    it('that was claimed anew is not postponed by who stood still', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1))
      const slow = await claimed(store, NOON + 60)
      await claimed(store, NOON + 120, NOON + 60)
      await store.postponeCall(slow, NOON + 3_600, 'timeout', NOON)
      expect(await store.outgoingCall(idOf(1))).toMatchObject({ due: NOON + 120, error: null })
    })
  })

  describe('the end of an outgoing call', () => {
    it('comes with what follows from it, and forgets what the call said', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1))
      const { id, attempts } = await claimed(store, NOON + 60)
      const ending = { id, attempts, ...ended('done', null) }
      expect(await store.commit({ ...purchase(1), ending })).toBe('committed')
      expect(await store.outgoingCall(id)).toMatchObject({ state: 'done', due: null, error: null })
      expect(await store.sealedTexts('outgoing_call', null, 9)).toEqual([])
      expect(await store.byId(idOf(1))).not.toBeNull()
      expect(await queue(store, orderOf(2, { key: 'CS1' }))).toBe('committed')
      expect(await dueIds(store, NOON + 9_999)).toEqual([])
    })

    it.each([
      [
        'was ended already',
        async (store: Store, id: string) =>
          store.commit({ ending: { id, attempts: 1, ...ended('done', null) } }),
      ],
      ['was begun again', async (store: Store) => claimed(store, NOON + 120, NOON + 60)],
    ] as const)('is a conflict when the call %s, and nothing follows from it', async (_, meanwhile) => {
      const { store } = await fresh()
      await queue(store, orderOf(1))
      const { id, attempts } = await claimed(store, NOON + 60)
      await meanwhile(store, id)
      const ending = { id, attempts, ...ended('done', null) }
      expect(await store.commit({ ...purchase(1), ending })).toBe('conflict')
      expect(await store.byId(idOf(1))).toBeNull()
    })

    it('of a call that is given up keeps what it said, until somebody revives it', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1))
      const { id, attempts } = await claimed(store, NOON + 60)
      await store.commit({ ending: { id, attempts, ...ended('dead', '92020005') } })
      expect(await dueIds(store, NOON + 9_999)).toEqual([])
      expect(await store.outgoingCall(id)).toMatchObject({ state: 'dead', due: null, error: '92020005' })
      await store.reviveCalls([id], NOON + 100)
      expect(await dueCalls(store, NOON + 100, 1)).toEqual([{ ...orderOf(1), attempts: 0, due: NOON + 100 }])
    })

    it('is taken back of dead calls alone', async () => {
      const { store } = await fresh()
      await queue(store, orderOf(1), orderOf(2, { at: NOON + 50 }))
      const { id, attempts } = await claimed(store, NOON + 60)
      await store.commit({ ending: { id, attempts, ...ended('done', null) } })
      await store.reviveCalls([id, idOf(2), idOf(3)], NOON)
      expect(await dueIds(store, NOON + 49)).toEqual([])
      expect(await store.outgoingCall(id)).toMatchObject({ state: 'done', attempts: 1 })
      expect(await store.outgoingCall(idOf(3))).toBeNull()
    })
  })

  describe('outgoing calls', () => {
    async function withDead(store: Store, ...numbers: number[]): Promise<void> {
      for (const n of numbers) {
        await queue(store, orderOf(n))
        const [call] = (await dueCalls(store, NOON, 10)).filter(({ id }) => id === idOf(n))
        const { id, attempts } = (await store.claimCall(call!, NOON + 60))!
        await store.commit({ ending: { id, attempts, ...ended('dead', '92020005', NOON + n) } })
      }
    }

    it('are listed in the order they were queued, in pages, all or those of one state', async () => {
      const { store } = await fresh()
      await withDead(store, 1, 3)
      await queue(store, orderOf(2), orderOf(4, { at: NOON - 1 }))
      const all = await store.outgoingCalls(null, null, 2)
      expect(all.items.map(({ id }) => id)).toEqual([idOf(4), idOf(1)])
      const rest = await store.outgoingCalls(null, all.next, 2)
      expect(rest).toMatchObject({ items: [{ id: idOf(2) }, { id: idOf(3) }], next: null })
      const dead = await store.outgoingCalls('dead', null, 1)
      expect(dead.items).toMatchObject([{ id: idOf(1) }])
      expect(await store.outgoingCalls('dead', dead.next, 9)).toMatchObject({ items: [{ id: idOf(3) }] })
      expect(await store.outgoingCalls(null, 'nonsense', 9)).toEqual({ items: [], next: null })
    })

    it('that failed are counted by channel, error and state; those that are done are not', async () => {
      const { store } = await fresh()
      await withDead(store, 1, 3)
      await queue(store, orderOf(5, { channel: 'another' }), orderOf(6))
      const call = (await dueCalls(store, NOON, 10)).find(({ channel }) => channel === 'another')!
      await store.postponeCall((await store.claimCall(call, NOON + 60))!, NOON + 90, 'timeout', NOON + 7)
      expect(await store.callTroubles()).toEqual([
        { channel: 'another', error: 'timeout', state: 'waiting', count: 1, newest: NOON + 7 },
        { channel: 'huawei', error: '92020005', state: 'dead', count: 2, newest: NOON + 3 },
      ])
    })

    it('that failed are due at once when the channel gets other credentials', async () => {
      const { store } = await fresh()
      const windows = { timestamp: 60, authToken: 900 }
      const channel = { name: 'huawei', kind: 'huawei', timeZone: 'UTC', windows, keys: [], openApi: null }
      await store.addChannel(channel)
      await queue(store, orderOf(1), orderOf(2, { at: NOON + 500 }))
      await store.postponeCall(await claimed(store, NOON + 60), NOON + 900, 'unauthorized', NOON)
      const openApi = { site: 'cn', sealed: 'before', since: NOON + 10 }
      const generation = await store.generation()
      await store.setOpenApi('huawei', openApi)
      expect(await dueIds(store, NOON + 10)).toEqual([idOf(1)])
      expect(await store.generation()).toBeGreaterThan(generation)
      await store.setOpenApi('huawei', { ...openApi, site: 'eu' })
      expect(await store.channels()).toEqual([{ ...channel, openApi: { ...openApi, site: 'eu' } }])
      await store.replaceSealed('open_api', [{ name: 'huawei', before: 'before', sealed: 'after' }])
      expect(await store.sealedTexts('open_api', null, 9)).toEqual([{ name: 'huawei', sealed: 'after' }])
    })
  })
}
