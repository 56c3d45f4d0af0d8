import { describe, expect, it } from 'vitest'
import type { LicenseApplication } from '../../../src/authority/applications.ts'
import type { NewDeviceCode } from '../../../src/authority/device-codes.ts'
import type { Store } from '../../../src/authority/ports.ts'
import type { Fresh } from './harness.ts'
import { DAY, freeze, idOf, NOON, next, renewal, sale } from './samples.ts'

const DEVICE = 'ab'.repeat(10)

const waitingOf = (n: number, over: Partial<LicenseApplication> = {}): LicenseApplication =>
  ({
    license: idOf(1),
    event: `EV/${n} 号`,
    device: DEVICE,
    effectiveAt: NOON - 9,
    expiresAt: NOON + 99,
    at: NOON + n,
    state: 'waiting',
    ...over,
  }) as LicenseApplication

const codeOf = (n: number, over: Partial<NewDeviceCode> = {}): NewDeviceCode => ({
  license: idOf(1),
  digest: `digest-${n}`,
  device: DEVICE,
  revision: 1,
  kid: '0a1b2c3d',
  bytes: `bytes-${n}`,
  at: NOON,
  worksUntil: NOON + 30 * DAY,
  ordinal: n,
  ...over,
})

const withoutOrdinal = ({ ordinal: _, ...code }: NewDeviceCode) => code

async function sold(fresh: Fresh, ...numbers: readonly number[]): Promise<Store> {
  const { store } = await fresh()
  for (const n of numbers) await store.commit({ change: sale(n) })
  return store
}

const keep = async (store: Store, ...codes: readonly NewDeviceCode[]) => {
  for (const deviceCode of codes) expect(await store.commit({ deviceCode })).toBe('committed')
}

export function applicationsContract(fresh: Fresh): void {
  describe('an application for a license', () => {
    const { license, event, device } = waitingOf(1)
    const made = { ...waitingOf(1), state: 'made', code: 'digest-1', upload: '00000000000000aa' } as const

    it.each<[string, LicenseApplication]>([
      ['that waits', waitingOf(1)],
      ['without an end', waitingOf(1, { expiresAt: null })],
      ['for any device', waitingOf(1, { device: null })],
      ['that was made', made],
      ['that was refused', { ...waitingOf(1), state: 'refused', why: 'no_seat' }],
    ])('%s comes out as it went in', async (_, application) => {
      const store = await sold(fresh, 1)
      expect(await store.commit({ application })).toBe('committed')
      expect(await store.application(application)).toEqual(application)
    })

    it('is found by license, event and device, all three', async () => {
      const store = await sold(fresh, 1, 2)
      await store.commit({ application: waitingOf(1) })
      expect(await store.application({ license: idOf(2), event, device })).toBeNull()
      expect(await store.application({ license, event: 'EV/2 号', device })).toBeNull()
      expect(await store.application({ license, event, device: null })).toBeNull()
    })

    it('goes from waiting to refused to made, and stays made', async () => {
      const store = await sold(fresh, 1)
      const again = { ...made, at: NOON + 500, expiresAt: NOON + 7, code: 'digest-2' }
      await store.commit({ application: waitingOf(1) })
      await store.commit({ application: { ...waitingOf(1), state: 'refused', why: 'no_end' } })
      expect(await store.application(made)).toMatchObject({ state: 'refused', why: 'no_end' })
      await store.commit({ application: made })
      await store.commit({ application: again })
      await store.commit({ application: waitingOf(1) })
      expect(await store.application(made)).toEqual(made)
    })

    it('says the times that were asked for last, and when it was asked for first', async () => {
      const store = await sold(fresh, 1)
      await store.commit({ application: waitingOf(1) })
      await store.commit({ application: { ...made, at: NOON + 500, effectiveAt: NOON, expiresAt: null } })
      expect(await store.application(made)).toEqual({ ...made, effectiveAt: NOON, expiresAt: null })
    })

    it('is listed by its license, the oldest first', async () => {
      const store = await sold(fresh, 1, 2)
      for (const application of [waitingOf(3), waitingOf(1), waitingOf(2, { license: idOf(2) })])
        await store.commit({ application })
      expect((await store.applicationsOf(idOf(1))).map(({ at }) => at - NOON)).toEqual([1, 3])
    })

    it('is paged through while it waits, the oldest first', async () => {
      const store = await sold(fresh, 1, 2)
      const waiting = [
        waitingOf(3),
        waitingOf(1, { license: idOf(2) }),
        waitingOf(1),
        waitingOf(1, { device: null }),
        waitingOf(5, { at: NOON - 1 }),
      ]
      for (const application of [...waiting, { ...made, event: 'made' }]) await store.commit({ application })
      const first = await store.waitingApplications(null, 2)
      const second = await store.waitingApplications(first.at(-1)!, 9)
      expect([...first, ...second]).toEqual([4, 3, 2, 1, 0].map((i) => waiting[i]))
      expect(await store.waitingApplications(second.at(-1)!, 9)).toEqual([])
    })

    it('is written in the batch that needs it, or not at all', async () => {
      const store = await sold(fresh, 1)
      expect(await store.commit({ application: made, change: sale(1) })).toBe('conflict')
      expect(await store.application(made)).toBeNull()
    })
  })

  describe('a code made for a device', () => {
    it.each<[string, NewDeviceCode]>([
      ['comes out as it went in', codeOf(1)],
      ['for ever', codeOf(1, { worksUntil: null })],
      ['for any device', codeOf(1, { device: null })],
    ])('%s', async (_, code) => {
      const store = await sold(fresh, 1)
      await keep(store, code)
      expect(await store.deviceCode(idOf(1), 'digest-1')).toEqual(withoutOrdinal(code))
      expect(await store.deviceCode(idOf(2), 'digest-1')).toBeNull()
      expect(await store.deviceCode(idOf(1), 'digest-2')).toBeNull()
    })

    it('is presented with its license as it is now, though no event knows its digest', async () => {
      const store = await sold(fresh, 1)
      await keep(store, codeOf(1))
      const change = next(sale(1).after, renewal('R1', 60))
      await store.commit({ change })
      const presented = await store.presented({ license: idOf(1), revision: 1, digest: 'digest-1' })
      expect(presented).toEqual({ issued: true, license: change.after, made: withoutOrdinal(codeOf(1)) })
      const other = await store.presented({ license: idOf(1), revision: 1, digest: 'digest-2' })
      expect(other).toEqual({ issued: false, license: null })
    })

    it('is the newest of its device by its ordinal', async () => {
      const store = await sold(fresh, 1, 2)
      await keep(store, codeOf(2), codeOf(1), codeOf(3, { device: 'cd'.repeat(10) }))
      await keep(store, codeOf(9, { license: idOf(2) }))
      expect(await store.newestDeviceCode(idOf(1), DEVICE)).toMatchObject({ digest: 'digest-2' })
      expect(await store.newestDeviceCode(idOf(1), 'ef'.repeat(10))).toBeNull()
    })

    it('conflicts with another of its ordinal, and of its digest', async () => {
      const store = await sold(fresh, 1, 2)
      await keep(store, codeOf(1), codeOf(1, { license: idOf(2) }))
      expect(await store.commit({ deviceCode: codeOf(1, { digest: 'other' }) })).toBe('conflict')
      expect(await store.commit({ deviceCode: codeOf(2, { digest: 'digest-1' }) })).toBe('conflict')
      expect(await store.places(idOf(1), null, NOON)).toMatchObject({ next: 2 })
    })

    it('changes no license', async () => {
      const store = await sold(fresh, 1)
      await keep(store, codeOf(1))
      const change = next(sale(1).after, freeze())
      expect(await store.commit({ change })).toBe('committed')
    })
  })

  describe('the places of a license', () => {
    it('are none before there is a code', async () => {
      const store = await sold(fresh, 1)
      expect(await store.places(idOf(1), DEVICE, NOON)).toEqual(places(0, 0, false, 1))
    })

    it('count every device once while one of its codes works', async () => {
      const store = await sold(fresh, 1, 2)
      const [second, third] = ['cd'.repeat(10), 'ef'.repeat(10)]
      await keep(
        store,
        codeOf(1),
        codeOf(2, { worksUntil: NOON + 5 }),
        codeOf(3, { device: second, worksUntil: null }),
        codeOf(4, { device: third, worksUntil: NOON + 5 }),
        codeOf(5, { device: null, worksUntil: NOON + 5 }),
        codeOf(9, { license: idOf(2), device: '01'.repeat(10) }),
      )
      const at = (device: string | null, seconds: number) => store.places(idOf(1), device, NOON + seconds)
      expect(await at(DEVICE, 4)).toEqual(places(3, 0, true, 6))
      expect(await at(third, 4)).toEqual(places(3, 2, true, 6))
      expect(await at(null, 4)).toEqual(places(3, 3, true, 6))
      expect(await at(DEVICE, 5)).toEqual(places(1, 0, true, 6))
      expect(await at(third, 5)).toEqual(places(2, 0, false, 6))
      expect(await at(null, 5)).toEqual(places(2, 0, false, 6))
      expect(await at(DEVICE, 30 * DAY)).toEqual(places(1, 0, false, 6))
    })

    it('are not taken by codes below the hand-over floor of the license', async () => {
      const store = await sold(fresh, 1)
      const second = 'cd'.repeat(10)
      const floor = next(sale(1).after, { type: 'reissued', binding: null, leaked: true, at: NOON })
      await keep(store, codeOf(1), codeOf(2, { device: second }))
      expect(await store.commit({ change: floor })).toBe('committed')
      await keep(store, codeOf(3, { device: second, revision: 2 }))
      expect(await store.places(idOf(1), DEVICE, NOON)).toEqual(places(1, 0, false, 4))
      expect(await store.places(idOf(1), second, NOON)).toEqual(places(0, 0, true, 4))
    })
  })
}

const places = (others: number, elder: number, isHeld: boolean, next: number) => ({
  others,
  elder,
  isHeld,
  next,
})
