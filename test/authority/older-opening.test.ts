import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { customerOf } from '../../src/authority/customer.ts'
import { sellDirectly } from '../../src/authority/operate.ts'
import { expireTimeOf } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { DAY, inDays } from './desk.ts'
import { type Market, openMarket, orderOf } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

let order: string
beforeEach(() => {
  order = market.newOrder()
})

/** As one page still prints it. */
const sample = (changed: object = {}) => ({
  activity: 'newInstance',
  buyerInfo: { customerId: 'c-1', customerName: '张三', mobilePhone: '****', email: '' },
  orderInfo: [
    {
      businessId: 'b-1',
      orderId: order,
      trialFlag: '0',
      orderAmount: 12.5,
      chargingMode: '1',
      periodType: 'month',
      periodNumber: 1,
      provisionType: 1,
      productInfo: [{ skuCode: 'sku', productId: 'OFFI-GOLD', linearValue: 7 }],
      createTime: expireTimeOf(NOON * 1000),
      expireTime: inDays(60),
      extendParams: [{ name: 'x', value: 'y' }],
      ...changed,
    },
  ],
})
const send = (members: object = sample()) => market.send(market.caller.post({ ...members }, market.moment()))
const found = (instance: string) => market.authority.store.byInstance('huawei', instance)

describe('the older newInstance, which brings its order', () => {
  test('makes an active license at once, and asks nobody', async () => {
    const { code, instance } = await send()
    expect(code).toBe('000000')
    expect(await found(instance)).toMatchObject({
      status: 'active',
      terms: { seats: 7, paidUntil: NOON + 60 * DAY, trial: false },
    })
    expect(await customerOf(market.authority, instance)).toContain('张三')
    expect(await market.authority.store.order('huawei', { id: order, line: '' })).toMatchObject({
      cause: 'opening',
      state: 'applied',
      learnt: { charging: 'PERIOD', sku: 'sku' },
    })
    await market.learn()
    expect(market.asked).not.toContain(order)
  })

  test('sent fifty times gets one answer', async () => {
    const first = await send()
    for (let n = 0; n < 49; n++) expect((await send()).body).toBe(first.body)
  })

  test('makes a trial of a trial', async () => {
    const { instance } = await send(sample({ trialFlag: 1 }))
    expect(await found(instance)).toMatchObject({ terms: { trial: true } })
  })

  test('counts its period when it names no end', async () => {
    const { instance } = await send(sample({ expireTime: undefined }))
    expect(await found(instance)).toMatchObject({ terms: { paidUntil: Date.UTC(2026, 11, 21, 12) / 1000 } })
  })

  test('without what a license needs asks the marketplace, by the order alone', async () => {
    const { code, instance } = await send(sample({ expireTime: undefined, periodType: undefined }))
    expect(code).toBe('000000')
    expect(await found(instance)).toMatchObject({ status: 'pending' })
    market.orders.set(order, orderOf(order))
    await market.learn()
    expect(await found(instance)).toMatchObject({ status: 'active', terms: { seats: 5 } })
  })

  test('of what no offer sells opens all the same, and tells support', async () => {
    const { code, instance } = await send(sample({ productInfo: [{ productId: 'OFFI-NONE' }] }))
    expect(code).toBe('000000')
    expect(await found(instance)).toMatchObject({ status: 'pending' })
    const parked = await market.authority.store.parked(99)
    expect(parked.filter((call) => call.order === order)).toMatchObject([{ why: 'no_matching_offer' }])
  })

  test('of an order that support sold before names that license', async () => {
    const sold = await sellDirectly(
      market.authority,
      {
        product: 'cad-pro',
        edition: 'standard',
        seats: 1,
        paidUntil: NOON + DAY,
        trial: false,
        binding: null,
        instance: { channel: 'huawei', instance: `i-${order}` },
        order,
        customer: null,
      },
      { who: 'operator', reason: null },
    )
    expect(sold.ok).toBe(true)
    const first = await send()
    expect(first).toMatchObject({ code: '000000', instance: `i-${order}` })
    expect((await send()).body).toBe(first.body)
  })

  test.each([
    ['no order', { orderInfo: [] }],
    ['two orders', { orderInfo: [sample().orderInfo[0], sample().orderInfo[0]] }],
    ['an order that is a text', { orderInfo: 'CS-1' }],
    ['an order without a number', { orderInfo: [{ businessId: 'b' }] }],
    ['a trial flag of 2', sample({ trialFlag: '2' })],
    ['an end that does not exist', sample({ expireTime: '20261340000000' })],
    ['two products', sample({ productInfo: [{ productId: 'a' }, { productId: 'b' }] })],
    ['a product without a name', sample({ productInfo: [{ skuCode: 'a' }] })],
  ])('with %s is malformed', async (_, members) => {
    expect(await send({ ...sample(), ...members })).toMatchObject({ code: '000002' })
  })
})
