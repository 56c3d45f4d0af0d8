import { describe, expect, it } from 'vitest'
import type { Recalled } from '../../../src/authority/call-memory.ts'
import type { Store } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { idOf, markOf, parkedOf, purchase } from './samples.ts'

const UNSEEN = { accessKey: 'feedc0de', signature: 'unseen', nonce: null }
const NOTHING: Recalled = { mark: null, answer: null, license: null, parking: false }

/** What is known of a sale by a call that nothing else is known of. */
export const recall = (store: Store, channel: string, id: string, line: string): Promise<Recalled> =>
  store.recall(UNSEEN, { channel, order: { id, line } })

export function recalled(fresh: Fresh): void {
  describe('what is known of a sale', () => {
    const first = { channel: 'huawei', order: { id: 'CS1', line: 'L1' } }
    const { request, answer } = markOf(1)

    it('is nothing for a new one, whatever else was sold', async () => {
      const { store } = await fresh()
      expect(await store.recall(UNSEEN, first)).toEqual(NOTHING)
      await store.commit(purchase(2))
      expect(await store.recall(UNSEEN, first)).toEqual(NOTHING)
    })

    it('is its mark, its answer, its license, and whether calls wait', async () => {
      const { store } = await fresh()
      await store.commit({ ...purchase(1), park: parkedOf(3) })
      expect(await store.recall(markOf(1), first)).toEqual({
        mark: { request, answer },
        answer: { fields: 'fields-1', body: 'body-1' },
        license: idOf(1),
        parking: true,
      })
    })

    it('is a mark with its signature or with its nonce, of its access key', async () => {
      const { store } = await fresh()
      await store.commit({ mark: markOf(1) })
      const markFor = async (over: object) => (await store.recall({ ...markOf(1), ...over }, first)).mark
      expect(await markFor({ nonce: 'another' })).toEqual({ request, answer })
      expect(await markFor({ signature: 'another' })).toEqual({ request, answer })
      expect(await markFor({ signature: 'another', nonce: null })).toBeNull()
      expect(await markFor({ signature: 'nonce-1', nonce: 'signature-1' })).toBeNull()
      expect(await markFor({ accessKey: '00000000' })).toBeNull()
    })

    it.each([
      ['another channel', { ...first, channel: 'other' }],
      ['another line', { ...first, order: { id: 'CS1', line: '' } }],
      ['another order', { ...first, order: { id: 'CS2', line: 'L1' } }],
    ])('is not what is known of %s', async (_, asked) => {
      const { store } = await fresh()
      await store.commit(purchase(1))
      expect(await store.recall(UNSEEN, asked)).toEqual(NOTHING)
    })

    it('is no more that calls wait when the last was settled', async () => {
      const { store } = await fresh()
      await store.commit({ park: parkedOf(1) })
      await store.commit({ unpark: ['parked-1'] })
      expect(await store.recall(UNSEEN, first)).toEqual(NOTHING)
    })
  })
}
