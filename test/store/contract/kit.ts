import { describe, expect, it } from 'vitest'
import type { KitChange, KitPart } from '../../../src/authority/kit-entry.ts'
import type { Store } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { NOON, purchase } from './samples.ts'

const PART: KitPart = { channel: 'huawei', kind: 'department', instance: 'inst-1', tenant: 'tenant-1' }
const MS = NOON * 1000

interface Over extends Partial<Pick<KitChange, 'replaces'>> {
  readonly part?: Partial<KitPart>
}

/** Entries by id; null: deleted. */
function says(
  seconds: number,
  entries: Readonly<Record<string, string | null>>,
  { part, replaces = false }: Over = {},
): KitChange {
  return {
    part: { ...PART, ...part },
    sentAt: MS + seconds * 1000,
    at: NOON + seconds,
    replaces,
    entries: Object.entries(entries).map(([id, sealed]) => ({ id, sealed })),
  }
}

const WHOLE = { replaces: true }

const keep = async (store: Store, ...changes: readonly KitChange[]) => {
  for (const kit of changes) expect(await store.commit({ kit })).toBe('committed')
}

async function all(store: Store, kind: KitPart['kind'] | null = null) {
  const { items } = await store.kitPage('huawei', kind, null, 999)
  return Object.fromEntries(items.map(({ id, sealed }) => [id, sealed]))
}

export function kitContract(fresh: Fresh): void {
  describe('what the kit says', () => {
    it('is given back as it was kept', async () => {
      const { store } = await fresh()
      await keep(store, says(1, { a: '密封' }))
      expect(await store.kitPage('huawei', null, null, 9)).toEqual({
        items: [{ ...PART, id: 'a', sealed: '密封', sentAt: MS + 1000, at: NOON + 1 }],
        next: null,
      })
      expect(await store.kitPage('other', null, null, 9)).toEqual({ items: [], next: null })
    })

    it('gives way to what is newer or as old, and not to what is older', async () => {
      const { store } = await fresh()
      await keep(store, says(5, { a: 'first', b: 'first' }), says(5, { a: 'second' }), says(4, { b: 'late' }))
      expect(await all(store)).toEqual({ a: 'second', b: 'first' })
      await keep(store, says(6, { a: null }), says(5, { a: 'late' }))
      expect(await all(store)).toEqual({ b: 'first' })
      await keep(store, says(7, { a: 'new' }))
      expect(await all(store)).toEqual({ a: 'new', b: 'first' })
    })

    it('is replaced as a whole, but for what is newer', async () => {
      const { store } = await fresh()
      await keep(store, says(1, { a: 'a', b: 'b' }), says(9, { c: 'c' }))
      expect(await store.kitReplacedAt(PART)).toBeNull()
      await keep(store, says(5, { b: 'B', c: 'C', d: 'D' }, WHOLE))
      expect(await all(store)).toEqual({ b: 'B', c: 'c', d: 'D' })
      expect(await store.kitReplacedAt(PART)).toBe(MS + 5000)
    })

    it('is nothing after it was replaced by nothing', async () => {
      const { store } = await fresh()
      await keep(store, says(1, { a: 'a' }), says(2, {}, WHOLE))
      expect(await all(store)).toEqual({})
    })

    it('is a conflict when it is older than the last whole', async () => {
      const { store } = await fresh()
      await keep(store, says(5, { a: 'a' }, WHOLE))
      for (const kit of [says(4, { b: 'b' }), says(4, { b: 'b' }, WHOLE), says(4, { a: null })])
        expect(await store.commit({ kit })).toBe('conflict')
      await keep(store, says(5, { b: 'b' }))
      expect(await all(store)).toEqual({ a: 'a', b: 'b' })
    })

    it('is of its part alone', async () => {
      const { store } = await fresh()
      const others: Partial<KitPart>[] = [
        { channel: 'other' },
        { kind: 'user' },
        { instance: '' },
        { tenant: 'tenant-2' },
      ]
      await keep(store, ...others.map((part, n) => says(1, { [`other-${n}`]: 'x' }, { part })))
      await keep(store, says(1, { a: 'a' }), says(2, {}, WHOLE))
      expect(await all(store)).toEqual({ 'other-1': 'x', 'other-2': 'x', 'other-3': 'x' })
      expect(await all(store, 'user')).toEqual({ 'other-1': 'x' })
    })

    it('may be of hundreds of entries at once', async () => {
      const { store } = await fresh()
      for (const count of [1, 11, 12, 13, 31, 32, 33, 500]) {
        const many = Object.fromEntries(
          Array.from({ length: count }, (_, n) => [`entry-${n}`, `text-${count}-${n}`]),
        )
        await keep(store, says(count, many, WHOLE))
        expect(await all(store)).toEqual(many)
      }
    })

    it('is written in the batch that needs it, or not at all', async () => {
      const { store } = await fresh()
      await store.commit(purchase(1))
      expect(await store.commit({ ...purchase(1), kit: says(1, { a: 'a' }) })).toBe('conflict')
      expect(await all(store)).toEqual({})
      expect(await store.kitReplacedAt(PART)).toBeNull()
    })

    it('that two say at once is what the newer says', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      const changes = Array.from({ length: 20 }, (_, n) =>
        says((n * 7) % 20, { [`entry-${n}`]: `${n}` }, { replaces: n % 2 === 0 }),
      )
      const outcomes = await Promise.all(
        changes.map((kit, n) => (n % 3 === 0 ? other : store).commit({ kit })),
      )
      const done = changes.filter((_, n) => outcomes[n] === 'committed')
      const whole = done.filter(({ replaces }) => replaces).reduce((a, b) => (b.sentAt > a.sentAt ? b : a))
      expect(await store.kitReplacedAt(PART)).toBe(whole.sentAt)
      const left = done.filter((one) => one === whole || (!one.replaces && one.sentAt > whole.sentAt))
      expect(Object.keys(await all(store)).sort()).toEqual(
        left.flatMap(({ entries }) => entries.map(({ id }) => id)).sort(),
      )
    })

    it('is paged by kind, instance, enterprise and id', async () => {
      const { store } = await fresh()
      await keep(
        store,
        says(1, { c: 'c', a: 'a', gone: 'x' }),
        says(1, { u: 'u' }, { part: { kind: 'user' } }),
        says(1, { b: 'b' }, { part: { tenant: 'tenant-0' } }),
        says(1, { z: 'z' }, { part: { kind: 'application', tenant: 'tenant-9' } }),
        says(2, { gone: null }),
      )
      const seen: string[] = []
      let after: string | null = null
      do {
        const page: Awaited<ReturnType<Store['kitPage']>> = await store.kitPage('huawei', null, after, 2)
        expect(page.items.length).toBeLessThanOrEqual(2)
        seen.push(...page.items.map(({ id }) => id))
        after = page.next
      } while (after !== null)
      expect(seen).toEqual(['z', 'b', 'a', 'c', 'u'])
    })

    it('has an empty page for what is no place in it', async () => {
      const { store } = await fresh()
      await keep(store, says(1, { a: 'a' }))
      for (const after of ['', 'x', '!', 'e30', 'WzFd', 'bnVsbA'])
        expect(await store.kitPage('huawei', null, after, 9)).toEqual({ items: [], next: null })
    })

    it('is sealed anew like everything that is sealed', async () => {
      const { store } = await fresh()
      await keep(store, says(1, { a: 'before', b: 'other' }), says(2, { b: null }))
      expect(await store.sealedTexts('kit_entry', null, 9)).toEqual([{ name: 'a', sealed: 'before' }])
      await store.replaceSealed('kit_entry', [{ name: 'a', before: 'before', sealed: 'after' }])
      await store.replaceSealed('kit_entry', [{ name: 'a', before: 'before', sealed: 'never' }])
      expect(await all(store)).toEqual({ a: 'after' })
    })
  })
}
