import { describe, expect, it } from 'vitest'
import type { License } from '../../../src/domain/license.ts'
import type { Fresh } from './harness.ts'
import { BY, codeOf, freeze, idOf, madeBy, NOON, next, originOf, renewal, sale, TERMS } from './samples.ts'

const NOT_ISSUED = { issued: false, license: null }

/** What goes in comes out. */
export function licenses(fresh: Fresh): void {
  describe('a license', () => {
    const longText = '许可证🔑'.repeat(500)
    const { terms: _none, ...common } = sale(1).after as License & { status: 'active' }
    const cases: readonly [string, License][] = [
      ['active', sale(1).after],
      [
        'perpetual and bound to a device',
        sale(1, { terms: { paidUntil: null, binding: 'ab'.repeat(10) } }).after,
      ],
      ['a trial', sale(1, { terms: { trial: true } }).after],
      ['frozen', { ...sale(1).after, status: 'frozen', terms: TERMS, reason: 'violation' }],
      ['released', { ...sale(1).after, status: 'released', terms: TERMS }],
      ['released before its terms were known', { ...sale(1).after, status: 'released', terms: null }],
      ['pending', { ...common, status: 'pending', held: {}, mark: null }],
      [
        'pending with everything that can wait',
        {
          ...common,
          status: 'pending',
          held: {
            renewedTo: null,
            shortenedTo: NOON,
            entitlement: { edition: 1, seats: 0, features: 0 },
          },
          mark: 'expired',
        },
      ],
      ['sold directly', sale(1, { origin: { channel: null, instance: null, order: null } }).after],
      ['of an order without a line', sale(1, { origin: { order: { id: 'CS1', line: '' } } }).after],
      ['of many orders', { ...sale(1).after, orders: ['CS1', 'R1', '续费-2'] }],
      ['whose orders are not its purchase', { ...sale(1).after, orders: [] }],
      ['handed over no more', { ...sale(1).after, handOverFloor: 65_535 }],
      ['without a code that is out', { ...sale(1).after, codes: null }],
      [
        'with codes that are shut out',
        { ...sale(1).after, codes: { until: null, shutOut: { below: 65_535, until: NOON } } },
      ],
      [
        'with perpetual codes that are shut out',
        { ...sale(1).after, codes: { until: null, shutOut: { below: 2, until: null } } },
      ],
      [
        'of the smallest values',
        sale(1, {
          at: 0,
          terms: { product: 0, edition: 0, seats: 0, features: 0, graceDays: 0, paidUntil: 1 },
        }).after,
      ],
      [
        'of the greatest values',
        sale(1, {
          at: 253_402_300_799,
          terms: {
            product: 2 ** 32 - 1,
            edition: 65_535,
            seats: 65_535,
            features: 2 ** 24 - 1,
            graceDays: 255,
            paidUntil: 253_402_300_799,
          },
          origin: { channel: longText, instance: longText, order: { id: longText, line: longText } },
        }).after,
      ],
      [
        'of Chinese and of quotation marks',
        sale(1, {
          origin: {
            channel: '华为云',
            instance: `'; DROP TABLE licenses; --"`,
            order: { id: '订单\n号', line: '行' },
          },
        }).after,
      ],
    ]

    it.each(cases)('%s comes back as it went in', async (_name, license) => {
      const { store } = await fresh()
      await store.commit({ change: { ...sale(1), after: { ...license, revision: 1 } } })
      expect(await store.byId(idOf(1))).toStrictEqual({ ...license, revision: 1 })
    })

    it('is changed in every part that can change', async () => {
      const { store } = await fresh()
      const met = madeBy([{ type: 'met', id: idOf(1), origin: originOf(1, { order: null }), at: NOON }])
      await store.commit({ change: met })
      const activated = next(met.after, { type: 'activated', terms: TERMS, at: NOON + 1 }, true)
      const renewed = next(activated.after, renewal('R1', 90), true)
      const frozen = next(renewed.after, freeze())
      for (const change of [activated, renewed, frozen]) {
        expect(await store.commit({ change })).toBe('committed')
        expect(await store.byId(idOf(1))).toStrictEqual(change.after)
      }
      expect(await store.newestCode(idOf(1))).toEqual(renewed.code)
    })

    it('that nobody sold is not found', async () => {
      const { store } = await fresh()
      await store.commit({ change: sale(1) })
      expect(await store.byId(idOf(2))).toBeNull()
      expect(await store.byId('')).toBeNull()
      expect(await store.byInstance('elsewhere', idOf(1))).toBeNull()
      expect(await store.byOrder('huawei', { id: 'CS1', line: '' })).toBeNull()
      expect(await store.newestCode(idOf(2))).toBeNull()
    })
  })

  describe('a code', () => {
    it('is known again by license, revision and digest together', async () => {
      const { store } = await fresh()
      const first = sale(1)
      const second = next(first.after, renewal('R1', 60), true)
      await store.commit({ change: first })
      await store.commit({ change: second })
      const known = { issued: true, license: await store.byId(idOf(1)) }
      expect(known.license).toMatchObject({ id: idOf(1), revision: 2 })
      expect(await store.presented(first.code!)).toEqual(known)
      expect(await store.presented(second.code!)).toEqual(known)
      expect(await store.presented({ ...first.code!, revision: 2 })).toEqual(NOT_ISSUED)
      expect(await store.presented({ ...first.code!, license: idOf(2) })).toEqual(NOT_ISSUED)
      expect(await store.presented({ ...first.code!, digest: 'forged' })).toEqual(NOT_ISSUED)
    })

    it('of a revision without one is not known', async () => {
      const { store } = await fresh()
      const first = sale(1)
      await store.commit({ change: first })
      await store.commit({ change: next(first.after, freeze()) })
      const { digest } = first.code!
      expect(await store.presented({ license: idOf(1), revision: 2, digest })).toEqual(NOT_ISSUED)
    })

    it('of a test call is known, and of no license', async () => {
      const { store } = await fresh()
      const testCode = codeOf({ id: idOf(7), revision: 1 })
      expect(await store.commit({ testCode })).toBe('committed')
      expect(await store.presented(testCode)).toEqual({ issued: true, license: null })
      expect(await store.byId(idOf(7))).toBeNull()
    })

    it('is stored only with an event of its revision', async () => {
      const { store } = await fresh()
      const change = { ...sale(1), code: codeOf({ id: idOf(1), revision: 2 }) }
      await expect(store.commit({ change })).rejects.toThrow(/no event/)
    })
  })

  describe('the customer', () => {
    it('is kept beside the license, and a later one replaces it', async () => {
      const { store } = await fresh()
      const first = sale(1)
      await store.commit({ change: { ...first, customer: 'sealed-1' } })
      expect(await store.customer(idOf(1))).toBe('sealed-1')
      const renewed = next(first.after, renewal('R1', 60))
      await store.commit({ change: { ...renewed, customer: null } })
      expect(await store.customer(idOf(1))).toBe('sealed-1')
      const frozen = next(renewed.after, freeze())
      await store.commit({ change: { ...frozen, by: BY, customer: 'sealed-2' } })
      expect(await store.customer(idOf(1))).toBe('sealed-2')
    })
  })
}
