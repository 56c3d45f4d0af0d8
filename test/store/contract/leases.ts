import { describe, expect, it } from 'vitest'
import type { Fresh } from './harness.ts'
import { NOON } from './samples.ts'

const leaseOf = (holder: string, until: number, name = 'scheduler') => ({ name, holder, until })

export function leasesContract(fresh: Fresh): void {
  describe('a lease', () => {
    it('goes to the first who asks, and to nobody else while it lasts', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      expect(await store.takeLease(leaseOf('a', NOON + 10), NOON)).toBe(true)
      expect(await other.takeLease(leaseOf('b', NOON + 19), NOON + 9)).toBe(false)
      expect(await other.leases(NOON)).toEqual([leaseOf('a', NOON + 10)])
    })

    it('is renewed by who has it, also after it ran out', async () => {
      const { store } = await fresh()
      await store.takeLease(leaseOf('a', NOON + 10), NOON)
      expect(await store.takeLease(leaseOf('a', NOON + 15), NOON + 5)).toBe(true)
      expect(await store.takeLease(leaseOf('b', NOON + 22), NOON + 12)).toBe(false)
      expect(await store.takeLease(leaseOf('a', NOON + 99), NOON + 20)).toBe(true)
    })

    it('is taken over in the second in which it has run out, and then it is lost to who had it', async () => {
      const { store } = await fresh()
      await store.takeLease(leaseOf('a', NOON + 10), NOON)
      expect(await store.takeLease(leaseOf('b', NOON + 20), NOON + 10)).toBe(true)
      expect(await store.takeLease(leaseOf('a', NOON + 21), NOON + 11)).toBe(false)
      expect(await store.leases(NOON + 11)).toEqual([leaseOf('b', NOON + 20)])
    })

    it('goes to one of eight who ask at once, also when one has to be taken over', async () => {
      const { store, beside } = await fresh()
      const others = [store, await beside()]
      for (const now of [NOON, NOON + 100]) {
        const asked = Array.from({ length: 8 }, (_, n) =>
          others[n % 2]!.takeLease(leaseOf(`${now}-${n}`, now + 10), now),
        )
        expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
        expect(await store.leases(now)).toHaveLength(1)
      }
    })

    it('stands beside those of other names', async () => {
      const { store } = await fresh()
      await store.takeLease(leaseOf('a', NOON + 10, 'scheduler'), NOON)
      expect(await store.takeLease(leaseOf('b', NOON + 20, 'alerts'), NOON)).toBe(true)
      const both = [leaseOf('b', NOON + 20, 'alerts'), leaseOf('a', NOON + 10, 'scheduler')]
      expect(await store.leases(NOON)).toEqual(both)
      expect(await store.leases(NOON + 10)).toEqual([both[0]])
    })

    it('that is given back is free at once; nobody gives back what another has', async () => {
      const { store } = await fresh()
      await store.takeLease(leaseOf('a', NOON + 10), NOON)
      await store.giveLease({ name: 'scheduler', holder: 'b' })
      expect(await store.takeLease(leaseOf('b', NOON + 10), NOON)).toBe(false)
      await store.giveLease({ name: 'scheduler', holder: 'a' })
      expect(await store.takeLease(leaseOf('b', NOON + 10), NOON)).toBe(true)
      await store.giveLease({ name: 'nothing', holder: 'a' })
    })

    it('is forgotten only after it has run out', async () => {
      const { store } = await fresh()
      await store.takeLease(leaseOf('a', NOON + 10), NOON)
      await store.takeLease(leaseOf('b', NOON + 11, 'alerts'), NOON)
      await store.sweepLeases(NOON + 11)
      expect(await store.leases(NOON)).toEqual([leaseOf('b', NOON + 11, 'alerts')])
    })

    it('is no administrative change', async () => {
      const { store } = await fresh()
      const before = await store.generation()
      await store.takeLease(leaseOf('a', NOON + 10), NOON)
      expect(await store.generation()).toBe(before)
    })
  })
}
