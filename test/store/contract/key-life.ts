import { describe, expect, it } from 'vitest'
import type { KeyEvent, StoredKey } from '../../../src/authority/key-store.ts'
import type { Fresh } from './harness.ts'
import { change, KEY } from './keys.ts'
import { BY, NOON } from './samples.ts'

const NEXT: StoredKey = { ...KEY, kid: '22222222', status: 'pending' }
const RETIRED: StoredKey = { ...KEY, status: 'retired' }

/** A key that differs from `KEY` in one column. */
const OTHERS: readonly Partial<StoredKey>[] = [
  { usage: 'lists' },
  { status: 'pending' },
  { publicKey: 'another' },
  { sealed: null },
  { sealed: 'resealed' },
  { certificates: [] },
  { createdAt: NOON + 1 },
  { spare: true },
  { request: null },
  { request: 'another' },
  { certifiedAt: null },
  { certifiedAt: NOON },
]

export function keyLife(fresh: Fresh): void {
  describe('a change of keys', () => {
    it('replaces every part of a key', async () => {
      const { store } = await fresh()
      await change(store, { add: [KEY] })
      const after: StoredKey = {
        kid: KEY.kid,
        usage: 'statements',
        status: 'revoked',
        publicKey: 'other',
        sealed: null,
        certificates: [],
        createdAt: 1,
        spare: true,
        request: null,
        certifiedAt: null,
      }
      expect(await change(store, { replace: [{ before: KEY, after }] })).toBe('committed')
      expect(await store.keys()).toStrictEqual([after])
      expect(await change(store, { replace: [{ before: after, after: KEY }] })).toBe('committed')
      expect(await store.keys()).toStrictEqual([KEY])
    })

    it.each(OTHERS)('is a conflict when the key is another by now: %j', async (over) => {
      const { store } = await fresh()
      const stored = { ...KEY, ...over }
      await change(store, { add: [stored] })
      const events: KeyEvent[] = [{ kid: KEY.kid, type: 'retired', detail: {} }]
      const refused = await change(store, { replace: [{ before: KEY, after: RETIRED }], events })
      expect(refused).toBe('conflict')
      expect(await store.keys()).toStrictEqual([stored])
      expect(await store.keyHistory()).toEqual([])
    })

    it('is a conflict for a key that was never there', async () => {
      const { store } = await fresh()
      expect(await change(store, { replace: [{ before: KEY, after: RETIRED }] })).toBe('conflict')
    })

    it('hands the active place on in one commit, in whatever order the two are named', async () => {
      const { store } = await fresh()
      await change(store, { add: [KEY, NEXT] })
      const down = { before: KEY, after: RETIRED }
      const up = { before: NEXT, after: { ...NEXT, status: 'active' } as const }
      expect(await change(store, { replace: [up, down] })).toBe('committed')
      expect((await store.keys()).map(({ kid, status }) => [kid, status])).toEqual([
        ['0a1b2c3d', 'retired'],
        ['22222222', 'active'],
      ])
    })

    it('never makes two keys of a usage active', async () => {
      const { store } = await fresh()
      await change(store, { add: [KEY, NEXT] })
      const up = { before: NEXT, after: { ...NEXT, status: 'active' } as const }
      expect(await change(store, { replace: [up] })).toBe('conflict')
      expect(await store.keys()).toContainEqual(NEXT)
    })

    it('of two officers at once, lets one through', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      await change(store, { add: [KEY] })
      const events: KeyEvent[] = [{ kid: KEY.kid, type: 'retired', detail: {} }]
      const one = { replace: [{ before: KEY, after: RETIRED }], events }
      const answers = await Promise.all([change(store, one), change(other, one)])
      expect(answers.sort()).toEqual(['committed', 'conflict'])
      expect(await store.keyHistory()).toHaveLength(1)
    })
  })

  describe('a setting that must not be there', () => {
    it('lets one of two officers begin', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      const begin = { absent: ['work'], settings: { work: 'begun' } }
      const answers = await Promise.all([
        change(store, { ...begin, add: [KEY] }),
        change(other, { ...begin, add: [NEXT] }),
      ])
      expect(answers.sort()).toEqual(['committed', 'conflict'])
      expect(await store.keys()).toHaveLength(1)
      await change(store, { settings: { work: null } })
      expect(await change(store, begin)).toBe('committed')
    })
  })

  describe('the history of keys', () => {
    it('keeps what happened in its order, with who and why', async () => {
      const { store } = await fresh()
      const detail = { usage: 'codes', serial: 7, forced: false, note: null, 说明: '根' }
      const created: KeyEvent = { kid: KEY.kid, type: 'created', detail }
      const advanced: KeyEvent = { kid: null, type: 'root_advanced', detail: {} }
      const retired: KeyEvent = { kid: KEY.kid, type: 'retired', detail: {} }
      const zhang = { who: 'operator:张', reason: 'routine' }
      await change(store, { events: [created, advanced], by: zhang, at: NOON + 5 })
      await change(store, { events: [retired], at: NOON })
      expect(await store.keyHistory()).toStrictEqual([
        { event: created, by: zhang, at: NOON + 5 },
        { event: advanced, by: zhang, at: NOON + 5 },
        { event: retired, by: BY, at: NOON },
      ])
      expect((await store.keyHistory(KEY.kid)).map(({ event }) => event.type)).toEqual(['created', 'retired'])
      expect(await store.keyHistory('ffffffff')).toEqual([])
    })
  })
}
