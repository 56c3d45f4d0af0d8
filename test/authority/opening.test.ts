import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import { customerOf } from '../../src/authority/customer.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { CATALOG, NOON } from '../support/instance.ts'
import { DAY } from './desk.ts'
import { lineOf, type Market, openMarket, orderOf } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())
beforeEach(() => {
  market.clock.time = NOON
})

const byInstance = (instance: string) => market.authority.store.byInstance('huawei', instance)
const ledger = (order: string) => market.authority.store.order('huawei', refOf(order))
const refOf = (order: string) => ({ id: order, line: lineOf(order).orderLineId })
const shownOf = async (instance: string) => {
  const { body } = await market.send(market.caller.queryInstance({ instanceId: instance }, market.moment()))
  return JSON.parse(body).info[0]
}

describe('newInstance', () => {
  test('is answered at once with an instance, whose license is pending and whose order is asked for', async () => {
    const order = market.newOrder()
    const opened = await market.opens(order)
    expect(JSON.parse(opened.body)).toEqual({
      resultCode: '000000',
      resultMsg: 'success.',
      instanceId: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(opened.signedBy).not.toBeNull()
    expect(await byInstance(opened.instance)).toMatchObject({
      id: opened.instance,
      status: 'pending',
      revision: 1,
    })
    expect(await ledger(order)).toMatchObject({ cause: 'opening', state: 'asked', license: opened.instance })
  })

  test('sent fifty times is one license, one question and one answer, byte for byte', async () => {
    const order = market.newOrder()
    const first = await market.opens(order)
    for (let n = 0; n < 49; n++) {
      market.clock.time += 120
      expect((await market.opens(order)).body).toBe(first.body)
    }
    await market.learn()
    market.clock.time += DAY
    expect((await market.opens(order)).body).toBe(first.body)
    await market.learn()
    expect(market.asked.filter((number) => number === order)).toHaveLength(1)
    expect(await market.authority.store.ordersOf(first.instance)).toHaveLength(1)
  })

  test('sent twenty times at once is one license', async () => {
    const order = market.newOrder()
    const replies = await Promise.all(Array.from({ length: 20 }, () => market.opens(order)))
    expect(new Set(replies.map(({ body }) => body)).size).toBe(1)
  })

  test('of another line of the same order is another instance', async () => {
    const order = market.newOrder()
    const first = await market.opens(order)
    const other = { orderId: order, orderLineId: `${order}-000002` }
    const second = await market.send(market.caller.newInstance(other, market.moment()))
    expect(second).toMatchObject({ code: '000000' })
    expect(second.instance).not.toBe(first.instance)
  })

  test('the same raw request gets the same answer, and leaves no second mark', async () => {
    const call = market.caller.newInstance(lineOf(market.newOrder()), market.moment())
    const first = await market.send(call)
    expect((await market.send(call)).body).toBe(first.body)
  })

  test('as a test call names its businessId and changes nothing', async () => {
    const order = market.newOrder()
    const moment = market.moment()
    const call = market.caller.newInstance({ ...lineOf(order), testFlag: '1' }, moment)
    expect(await market.send(call)).toMatchObject({ code: '000000', instance: moment.nonce })
    expect(await ledger(order)).toBeNull()
    expect(await market.authority.store.byOrder('huawei', refOf(order))).toBeNull()
  })

  test('of a mock order is a test call, whatever it says', async () => {
    const call = market.caller.newInstance(lineOf('MOCKPERIODYEARNEW'), market.moment())
    expect(await market.send(call)).toMatchObject({ code: '000000' })
    expect(await ledger('MOCKPERIODYEARNEW')).toBeNull()
  })
})

describe('when the order is learnt', () => {
  test('the license is active as the offer says, and its code is genuine', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order)
    expect(await shownOf(instance)).toEqual({ instanceId: instance })
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({
      status: 'active',
      terms: { edition: 2, seats: 5, trial: false, paidUntil: NOON + 30 * DAY },
    })
    expect(await ledger(order)).toMatchObject({ state: 'applied', learnt: { kind: 'NEW', quantity: '5' } })
    expect(await customerOf(market.authority, instance)).toBe(
      '{"customerId":"customer-1","customerName":"张三"}',
    )
    const { appInfo } = await shownOf(instance)
    expect(appInfo).toMatchObject({
      frontEndUrl: 'https://cad.example.com/',
      adminUrl: 'https://cad.example.com/admin',
    })
    expect(market.verdictOf(appInfo.memo)).toMatchObject({ valid: true, license: { id: instance } })
  })

  test('a trial is one', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order, orderOf(order, { type: 'TRIAL' }))
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'active', terms: { trial: true } })
  })

  test.each([
    ['a one-time order without an end is perpetual', { chargingMode: 'ONE_TIME' }, null],
    ['an order by use is perpetual', { chargingMode: 'ON_DEMAND' }, null],
    [
      'a year is counted by the calendar from the order',
      { periodType: 'year', periodNumber: 1 },
      Date.UTC(2027, 10, 21, 12) / 1000,
    ],
    [
      'three months are counted by the calendar',
      { periodType: 'month', periodNumber: 3 },
      Date.UTC(2027, 1, 21, 12) / 1000,
    ],
  ])('%s', async (_, line, paidUntil) => {
    const order = market.newOrder()
    const { instance } = await market.opens(
      order,
      orderOf(order, { line: { expireTime: undefined, ...line } }),
    )
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'active', terms: { paidUntil } })
  })

  test('a period without an end is asked for again', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order, orderOf(order, { line: { expireTime: undefined } }))
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'pending' })
    market.orders.set(order, orderOf(order))
    market.clock.time += 60
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'active' })
  })

  test('an order that is not known yet is asked for again', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order, null)
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'pending' })
    market.orders.set(order, orderOf(order))
    market.clock.time += 60
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'active' })
  })

  test('what no offer sells waits, support is told once, and it becomes active with the offer', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order, orderOf(order, { product: { productId: 'OFFI-NEW' } }))
    await market.learn()
    await sweep(market.authority)
    expect(await byInstance(instance)).toMatchObject({ status: 'pending' })
    expect(await ledger(order)).toMatchObject({ state: 'waiting' })
    const { store } = market.authority
    const parked = (await store.parked(99)).filter((call) => call.order === order)
    expect(parked).toMatchObject([{ why: 'no_matching_offer', instance: null }])
    const alerts = (await store.dueAlerts(market.clock.time, 99)).filter(
      ({ alert }) => alert.detail.order === order,
    )
    expect(alerts).toMatchObject([
      { alert: { kind: 'parked_order', detail: { marketplaceProduct: 'OFFI-NEW' } } },
    ])
    const offer = {
      channel: 'huawei',
      marketplaceProduct: 'OFFI-NEW',
      product: 'cad-pro',
      edition: 'standard',
      seats: 2,
    }
    await applyCatalog(market.authority, { ...CATALOG, offers: [...CATALOG.offers, offer] })
    await sweep(market.authority)
    expect(await byInstance(instance)).toMatchObject({ status: 'active', terms: { edition: 1, seats: 2 } })
    expect((await store.parked(99)).filter((call) => call.order === order)).toEqual([])
    expect(await ledger(order)).toMatchObject({ state: 'applied' })
  })

  test('a quantity that no license can have waits', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order, orderOf(order, { product: { linearValue: 70_000 } }))
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'pending' })
    expect(await ledger(order)).toMatchObject({ state: 'waiting' })
  })

  test('what came before counts: a renewal, a freeze', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order)
    const renewal = { ...lineOf(market.newOrder()), instanceId: instance, scene: 'RENEWAL' }
    await market.send(
      market.caller.refreshInstance({ ...renewal, expireTime: '20270301000000' }, market.moment()),
    )
    const change = { instanceId: instance, status: 'FREEZE' }
    await market.send(market.caller.updateInstanceStatus(change, market.moment()))
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({
      status: 'frozen',
      terms: { paidUntil: Date.UTC(2027, 2, 1) / 1000 },
    })
  })

  test('a released license stays released', async () => {
    const order = market.newOrder()
    const { instance } = await market.opens(order)
    await market.send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    await market.learn()
    expect(await byInstance(instance)).toMatchObject({ status: 'released', terms: null })
    expect(await ledger(order)).toMatchObject({ state: 'refused' })
  })
})
