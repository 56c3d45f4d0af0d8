import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import { sellDirectly } from '../../src/authority/operate.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { CATALOG, NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let orderId: string
let sent = 0
beforeEach(() => {
  orderId = desk.newOrder()
  desk.clock.time = NOON
})

/** Every re-send of the marketplace is signed anew. */
function buy(fields = {}) {
  const moment = { ...desk.moment(), nowMs: desk.clock.nowMs() + ++sent }
  const purchase = { customerId: 'customer-1', orderId, productId: 'OFFI-GOLD', amount: 5, ...fields }
  return desk.send(desk.caller.getLicense(purchase, moment))
}

const parked = async () => (await desk.authority.store.parked(1_000)).filter(({ order }) => order === orderId)
const alerts = async () =>
  (await desk.authority.store.dueAlerts(desk.clock.time, 1_000)).filter(
    ({ alert }) => alert.detail.order === orderId,
  )
const sold = () => desk.authority.store.byOrder('huawei', { id: orderId, line: '' })

const reasons: readonly (readonly [string, Record<string, string | undefined>, string])[] = [
  ['no offer', { productId: 'OFFI-NEW' }, 'no_matching_offer'],
  ['no quantity', { amount: undefined }, 'bad_quantity'],
  ['an empty quantity', { amount: '' }, 'bad_quantity'],
  ['a quantity of 0', { amount: '0' }, 'bad_quantity'],
  ['a quantity of 1.5', { amount: '1.5' }, 'bad_quantity'],
  ['a quantity of -1', { amount: '-1' }, 'bad_quantity'],
  ['a quantity of 65,536', { amount: '65536' }, 'bad_quantity'],
  ['a quantity of 1e3', { amount: '1e3' }, 'bad_quantity'],
  ['a quantity with a leading zero', { amount: '07' }, 'bad_quantity'],
  ['a quantity in words', { amount: 'five' }, 'bad_quantity'],
  ['a quantity in other digits', { amount: '５' }, 'bad_quantity'],
]

describe('a sale that the catalog cannot place', () => {
  test.each(reasons)('(%s) is 000005, waits, and support is told', async (_, fields, why) => {
    expect(await buy(fields)).toMatchObject({ code: '000005', license: '', instance: '' })
    expect(await parked()).toEqual([expect.objectContaining({ why, instance: null, channel: 'huawei' })])
    expect(await alerts()).toEqual([
      expect.objectContaining({
        attempts: 0,
        alert: expect.objectContaining({
          kind: 'parked_order',
          at: NOON,
          detail: expect.objectContaining({ channel: 'huawei', order: orderId, why }),
        }),
      }),
    ])
    expect(await sold()).toBeNull()
  })

  test('waits once and alarms once, however often it is sent', async () => {
    for (let time = 0; time < 3; time++) {
      expect(await buy({ amount: '0' })).toMatchObject({ code: '000005' })
    }
    expect(await parked()).toHaveLength(1)
    expect(await alerts()).toHaveLength(1)
  })

  test('does not alarm again after the alert was delivered', async () => {
    await buy({ amount: '0' })
    const [queued] = await alerts()
    await desk.authority.store.settleAlert(queued!.id)
    await buy({ amount: '0' })
    expect(await alerts()).toEqual([])
  })

  test('keeps no personal data', async () => {
    await buy({ amount: '0', customerName: 'Ada Lovelace', mobilePhone: '13800138000' })
    const [call] = await parked()
    expect(call!.intent).not.toContain('Ada')
    expect(call!.intent).not.toContain('13800138000')
    expect(JSON.parse(call!.intent)).toMatchObject({ customer: null })
  })

  test('is sold by the re-send once an offer matches, and no longer waits', async () => {
    const productId = `OFFI-${orderId}`
    expect(await buy({ productId })).toMatchObject({ code: '000005' })
    const offer = {
      channel: 'huawei',
      marketplaceProduct: productId,
      product: 'cad-pro',
      edition: 'standard',
    }
    const offers = [...CATALOG.offers, { ...offer, seats: 0 }]
    expect(await applyCatalog(desk.authority, { ...CATALOG, offers })).toMatchObject({ ok: true })
    const answer = await buy({ productId })
    expect(answer).toMatchObject({ code: '000000' })
    expect(desk.verdictOf(answer.license)).toMatchObject({ valid: true, license: { seats: null } })
    expect(await parked()).toEqual([])
  })

  test('is sold by a re-send with a better quantity', async () => {
    await buy({ amount: '0' })
    expect(await buy({ amount: '7' })).toMatchObject({ code: '000000' })
    expect(await parked()).toEqual([])
    expect(await buy({ amount: '0' })).toMatchObject({ code: '000000' })
    expect(await parked()).toEqual([])
  })

  test('no longer waits after support sold the order by hand', async () => {
    await buy({ amount: '0' })
    const terms = { product: 'cad-pro', edition: 'flagship', seats: 2, trial: false, binding: null }
    const instance = { channel: 'huawei', instance: `by-hand-${orderId}` }
    const sale = { ...terms, paidUntil: NOON + DAY, instance, order: orderId, customer: null }
    await sellDirectly(desk.authority, sale, { who: 'operator', reason: null })
    expect(await buy({ amount: '0' })).toMatchObject({ code: '000000', instance: instance.instance })
    expect(await parked()).toEqual([])
  })

  test('is reported again when it was not sold within 72 hours', async () => {
    await buy({ amount: '0' })
    desk.clock.time += 72 * 3_600 + 1
    await sweep(desk.authority)
    expect(await parked()).toEqual([])
    const kinds = (await alerts()).map(({ alert }) => alert.kind)
    expect(kinds.sort()).toEqual(['parked_call_expired', 'parked_order'])
  })
})

test('the most specific offer wins, product before sku', async () => {
  const offer = { channel: 'huawei', product: 'cad-pro', edition: 'standard' }
  const offers = [
    { ...offer, seats: 11 },
    { ...offer, sku: 'gold', seats: 12 },
    { ...offer, marketplaceProduct: 'P', seats: 13 },
    { ...offer, marketplaceProduct: 'P', sku: 'gold', seats: 14 },
  ]
  expect(await applyCatalog(desk.authority, { ...CATALOG, offers })).toMatchObject({ ok: true })
  const seatsOf = async (fields: Record<string, string>) => {
    const { license } = await buy({ orderId: desk.newOrder(), ...fields })
    return desk.verdictOf(license).license?.seats
  }
  expect(await seatsOf({ productId: 'X' })).toBe(11)
  expect(await seatsOf({ productId: 'X', skuCode: 'gold' })).toBe(12)
  expect(await seatsOf({ productId: 'P', skuCode: 'iron' })).toBe(13)
  expect(await seatsOf({ productId: 'P', skuCode: 'gold' })).toBe(14)
})
