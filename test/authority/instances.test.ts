import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { inDays } from './desk.ts'
import { lineOf, type Market, openMarket, orderOf } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

let instance: string
beforeEach(async () => {
  market.clock.time = NOON
  instance = (await market.opens()).instance
  await market.learn()
})

const found = () => market.authority.store.byInstance('huawei', instance)
const send = (call: HuaweiCall) => market.send(call)
const query = async (instanceId: string, fields = {}) => {
  const { body } = await send(market.caller.queryInstance({ instanceId, ...fields }, market.moment()))
  return JSON.parse(body)
}
const check = (productInfo: object, fields = {}) =>
  send(
    market.caller.changeInstanceCheck(
      { instanceId: instance, productInfo: productInfo as never, ...fields },
      market.moment(),
    ),
  )

describe('queryInstance', () => {
  test('names what is known, in the order asked, and leaves out the rest', async () => {
    const other = (await market.opens()).instance
    const { resultCode, info } = await query(`${other},nobody,${instance},${other}`)
    expect(resultCode).toBe('000000')
    expect(info.map(({ instanceId }: { instanceId: string }) => instanceId)).toEqual([other, instance])
    expect(info[0]).toEqual({ instanceId: other })
    expect(market.verdictOf(info[1].appInfo.memo)).toMatchObject({ valid: true })
  })

  test('of nobody is 000003', async () => {
    expect(await query('nobody')).toEqual({ resultCode: '000003', resultMsg: 'instance does not exist.' })
  })

  test('hands out no text of a frozen or released license', async () => {
    await send(
      market.caller.updateInstanceStatus({ instanceId: instance, status: 'FREEZE' }, market.moment()),
    )
    expect((await query(instance)).info[0].appInfo.memo).toBeUndefined()
    await send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    expect((await query(instance)).info[0].appInfo.memo).toBeUndefined()
  })

  test('shows the newest text', async () => {
    const before = (await query(instance)).info[0].appInfo.memo
    const renewal = { ...lineOf(market.newOrder()), scene: 'RENEWAL', instanceId: instance }
    await send(market.caller.refreshInstance({ ...renewal, expireTime: inDays(60) }, market.moment()))
    expect((await query(instance)).info[0].appInfo.memo).not.toBe(before)
  })

  test('as a test call shows whatever is asked, with the pages and no text', async () => {
    const { info } = await query('one,two', { testFlag: '1' })
    const appInfo = { frontEndUrl: 'https://cad.example.com/', adminUrl: 'https://cad.example.com/admin' }
    expect(info).toEqual([
      { instanceId: 'one', appInfo },
      { instanceId: 'two', appInfo },
    ])
  })

  test('takes a hundred ids, and no more', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, n) => `instance-${n}`).join(',')
    expect(await query(ids(100), { testFlag: '1' })).toMatchObject({ resultCode: '000000' })
    expect(await query(ids(101), { testFlag: '1' })).toMatchObject({ resultCode: '000002' })
  })
})

describe('changeInstanceCheck', () => {
  test.each([
    ['an offer of the same product', { productId: 'OFFI-BASE' }, '000000'],
    ['an offer with a quantity', { productId: 'OFFI-GOLD', linearValue: 7 }, '000000'],
    ['no quantity where the offer wants one', { productId: 'OFFI-GOLD' }, '000002'],
    ['nothing that is sold', { productId: 'OFFI-NONE' }, '000002'],
    ['no product', {}, '000002'],
    ['a product as a text', '{"productId":"OFFI-BASE"}', '000000'],
    ['a list of one product', [{ productId: 'OFFI-BASE' }], '000000'],
    ['a list of none', [], '000002'],
    ['a text that is none', 'OFFI-BASE', '000002'],
  ])('of %s', async (_, productInfo, code) => {
    const before = await found()
    expect(await check(productInfo as object)).toMatchObject({ code })
    expect(await found()).toEqual(before)
  })

  test('of nobody is 000003, and so is one of a released license', async () => {
    expect(await check({ productId: 'OFFI-BASE' }, { instanceId: 'nobody' })).toMatchObject({
      code: '000003',
    })
    await send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    expect(await check({ productId: 'OFFI-BASE' })).toMatchObject({ code: '000003' })
  })

  test('as a test call looks at nothing but the fields', async () => {
    const nobody = { instanceId: 'nobody', testFlag: '1' }
    expect(await check({ productId: 'OFFI-NONE' }, nobody)).toMatchObject({ code: '000000' })
    expect(await check({}, nobody)).toMatchObject({ code: '000002' })
  })
})

describe('orderNotify', () => {
  const notify = (order: string, fields = {}) =>
    send(market.caller.orderNotify({ ...lineOf(order), ...fields }, market.moment()))
  const noted = (order: string) => market.authority.store.ordersNumbered(order)

  test('notes the order, and learns what it is', async () => {
    const order = market.newOrder()
    market.orders.set(order, orderOf(order, { type: 'UNSUBSCRIBE' }))
    expect(await notify(order)).toMatchObject({ code: '000000' })
    expect(await noted(order)).toMatchObject([{ cause: 'notice', state: 'asked', learnt: null }])
    await market.learn()
    expect(await noted(order)).toMatchObject([
      { state: 'learnt', license: null, learnt: { kind: 'UNSUBSCRIBE' } },
    ])
  })

  test('of an order that was opened before changes nothing', async () => {
    const order = market.newOrder()
    const opened = await market.opens(order)
    await market.learn()
    const before = await market.authority.store.byId(opened.instance)
    expect(await notify(order)).toMatchObject({ code: '000000' })
    await market.learn()
    expect(await market.authority.store.byId(opened.instance)).toEqual(before)
    expect(await noted(order)).toMatchObject([{ cause: 'opening', state: 'applied' }])
    expect(market.asked.filter((number) => number === order)).toHaveLength(1)
  })

  test('sent again after it was learnt changes nothing of that', async () => {
    const order = market.newOrder()
    market.orders.set(order, orderOf(order))
    await notify(order)
    await market.learn()
    await notify(order)
    expect(await noted(order)).toMatchObject([{ state: 'learnt' }])
  })

  test('before the opening leaves the terms to it', async () => {
    const order = market.newOrder()
    market.orders.set(order, orderOf(order))
    await notify(order)
    await market.learn()
    const opened = await market.opens(order)
    await market.learn()
    expect(await market.authority.store.byId(opened.instance)).toMatchObject({ status: 'active' })
    expect(await noted(order)).toMatchObject([
      { cause: 'opening', state: 'applied', license: opened.instance },
    ])
  })

  test('of a license that was sold at once names it', async () => {
    const order = market.newOrder()
    const { orderLineId } = lineOf(order)
    const bought = await market.buy({ orderId: order, orderLineId })
    expect(await noted(order)).toMatchObject([{ cause: 'sale', license: bought.instance }])
    market.orders.set(order, orderOf(order))
    await notify(order)
    await market.learn()
    expect(await noted(order)).toMatchObject([
      { cause: 'notice', license: bought.instance, state: 'applied' },
    ])
    expect(await market.authority.store.byId(bought.instance)).toMatchObject({ revision: 1 })
  })

  test('of a mock order, and as a test call, notes nothing', async () => {
    expect(await notify('MOCKMONTYCHANGE')).toMatchObject({ code: '000000' })
    expect(await notify('CS-TRIAL', { testFlag: '1' })).toMatchObject({ code: '000000' })
    expect(await noted('MOCKMONTYCHANGE')).toEqual([])
    expect(await noted('CS-TRIAL')).toEqual([])
  })

  test('without a line is 000002', async () => {
    expect(await notify('CS-1', { orderLineId: undefined })).toMatchObject({ code: '000002' })
  })
})

test('the orders of every family are found by their numbers, with their licenses', async () => {
  const { caller, moment, authority } = market
  const [bought, renewed, cancelled] = [market.newOrder(), market.newOrder(), market.newOrder()]
  const license = (await market.buy({ orderId: bought })).instance
  await send(
    caller.refreshLicense({ orderId: renewed, instanceId: license, expireTime: inDays(90) }, moment()),
  )
  await send(caller.releaseLicenseCode({ license: 'PL-9', orderId: cancelled, orderLineId: 'l' }, moment()))
  expect(await authority.store.ordersNumbered(bought)).toMatchObject([{ cause: 'sale', license }])
  expect(await authority.store.ordersNumbered(renewed)).toMatchObject([
    { cause: 'renewal', license, state: 'applied' },
  ])
  expect(await authority.store.ordersNumbered(cancelled)).toMatchObject([{ cause: 'cancellation' }])
})
