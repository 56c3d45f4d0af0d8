import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sweep } from '../../src/authority/sweep.ts'
import { NOON } from '../support/instance.ts'
import { DAY, inDays } from './desk.ts'
import { lineOf, type Market, openMarket, orderOf } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

/** A license of five seats of the flagship. */
let instance: string
let order: string
beforeEach(async () => {
  market.clock.time = NOON
  instance = (await market.opens()).instance
  await market.learn()
  order = market.newOrder()
})

const found = () => market.authority.store.byInstance('huawei', instance)
const noted = () => market.authority.store.order('huawei', { id: order, line: lineOf(order).orderLineId })
const BASE = { productId: 'OFFI-BASE' }
const says = (sample: Parameters<typeof orderOf>[1]) =>
  market.orders.set(order, orderOf(order, { type: 'CHANGE', ...sample }))
const upgrade = (fields: object = {}, of = order) =>
  market.send(
    market.caller.upgradeInstance({ ...lineOf(of), instanceId: instance, ...fields }, market.moment()),
  )
const refresh = (scene: string, days: number, of = order) =>
  market.send(
    market.caller.refreshInstance(
      { ...lineOf(of), scene, instanceId: instance, expireTime: inDays(days) },
      market.moment(),
    ),
  )

describe('upgradeInstance', () => {
  test('changes edition and seats of the same license when the order is learnt, with a new code', async () => {
    const before = await market.authority.store.newestCode(instance)
    says({ product: BASE })
    expect(await upgrade()).toMatchObject({ code: '000000' })
    expect(await found()).toMatchObject({ terms: { edition: 2 } })
    await market.learn()
    expect(await found()).toMatchObject({
      id: instance,
      terms: { edition: 1, seats: 3, paidUntil: NOON + 30 * DAY },
    })
    const after = await market.authority.store.newestCode(instance)
    expect(after?.revision).toBe((before?.revision ?? 0) + 1)
    expect(await noted()).toMatchObject({ cause: 'upgrade', state: 'applied', license: instance })
  })

  test('moves the end where the order has a later one', async () => {
    says({ product: BASE, line: { expireTime: inDays(90) } })
    await upgrade()
    await market.learn()
    expect(await found()).toMatchObject({ terms: { edition: 1, paidUntil: NOON + 90 * DAY } })
  })

  test('sent fifty times is one change, with equal answers', async () => {
    says({ product: BASE })
    const first = await upgrade()
    await market.learn()
    const changed = await found()
    for (let n = 0; n < 49; n++) expect((await upgrade()).body).toBe(first.body)
    await market.learn()
    expect(await found()).toEqual(changed)
    expect(market.asked.filter((number) => number === order)).toHaveLength(1)
  })

  test('that is learnt after a newer one changes nothing any more', async () => {
    const newer = market.newOrder()
    says({ product: BASE, created: NOON + 10 })
    market.orders.set(
      newer,
      orderOf(newer, { type: 'CHANGE', created: NOON + 20, product: { linearValue: 9 } }),
    )
    await upgrade({}, newer)
    await market.learn()
    await upgrade()
    await market.learn()
    expect(await found()).toMatchObject({ terms: { edition: 2, seats: 9 } })
    expect(await noted()).toMatchObject({ state: 'applied' })
  })

  test('before the purchase is learnt waits for it', async () => {
    const other = market.newOrder()
    instance = (await market.opens(other, null)).instance
    says({ product: BASE })
    await upgrade()
    await market.learn()
    expect(await found()).toMatchObject({ status: 'pending' })
    expect(await noted()).toMatchObject({ state: 'waiting' })
    expect((await market.authority.store.parked(99)).some((call) => call.order === order)).toBe(false)
    market.orders.set(other, orderOf(other))
    market.clock.time += 60
    await market.learn()
    expect(await found()).toMatchObject({ status: 'active', terms: { edition: 1, seats: 3 } })
  })

  test('whose order was noted before is asked for again, now that its license is known', async () => {
    says({ product: BASE })
    await market.send(market.caller.orderNotify(lineOf(order), market.moment()))
    await market.learn()
    expect(await noted()).toMatchObject({ cause: 'notice', state: 'learnt', license: null })
    await upgrade()
    await market.learn()
    expect(await found()).toMatchObject({ terms: { edition: 1 } })
  })

  test.each([
    ['no offer sells', { productId: 'OFFI-NONE' }, 'no_matching_offer'],
    ['has no quantity that counts', { linearValue: 0 }, 'bad_quantity'],
  ])('to what %s waits, and support is told', async (_, product, why) => {
    says({ product })
    await upgrade()
    await market.learn()
    await sweep(market.authority)
    const parked = (await market.authority.store.parked(99)).filter((call) => call.order === order)
    expect(parked).toMatchObject([{ why }])
    expect(await found()).toMatchObject({ terms: { edition: 2, seats: 5 } })
  })

  test('of a released license is refused', async () => {
    await market.send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    expect(await upgrade()).toMatchObject({ code: '000003' })
    expect(await noted()).toBeNull()
  })

  test('of an instance that nobody knows is 000003, and nothing is noted', async () => {
    expect(await upgrade({ instanceId: 'nobody' })).toMatchObject({ code: '000003' })
    expect(await noted()).toBeNull()
  })

  test('as a test call is done, and nothing is noted', async () => {
    expect(await upgrade({ instanceId: 'nobody', testFlag: '1' })).toMatchObject({ code: '000000' })
    expect(await noted()).toBeNull()
  })
})

describe('refreshInstance', () => {
  test('RENEWAL_CHANGE renews at once and changes when it is learnt', async () => {
    says({ type: 'RENEW', product: BASE, line: { expireTime: inDays(60) } })
    expect(await refresh('RENEWAL_CHANGE', 60)).toMatchObject({ code: '000000' })
    expect(await found()).toMatchObject({ terms: { edition: 2, paidUntil: NOON + 60 * DAY } })
    await market.learn()
    expect(await found()).toMatchObject({ terms: { edition: 1, seats: 3, paidUntil: NOON + 60 * DAY } })
  })

  test('TRIAL_TO_FORMAL keeps the license, and takes the seats of the formal order', async () => {
    const other = market.newOrder()
    instance = (await market.opens(other, orderOf(other, { type: 'TRIAL' }))).instance
    await market.learn()
    says({ type: 'TRIAL_TO_FORMAL', product: { linearValue: 20 } })
    await refresh('TRIAL_TO_FORMAL', 365)
    await market.learn()
    expect(await found()).toMatchObject({
      id: instance,
      terms: { trial: false, seats: 20, paidUntil: NOON + 365 * DAY },
    })
  })

  test('RENEWAL is noted with its license, and asks nobody', async () => {
    await refresh('RENEWAL', 60)
    await market.learn()
    expect(await noted()).toMatchObject({ cause: 'renewal', state: 'applied', license: instance })
    expect(market.asked).not.toContain(order)
  })

  test('a renewal that is taken back by its own order shortens, and never applies again', async () => {
    await refresh('RENEWAL', 60)
    expect(await refresh('UNSUBSCRIBE_RENEWAL_PERIOD', 30)).toMatchObject({ code: '000000' })
    expect(await found()).toMatchObject({ terms: { paidUntil: NOON + 30 * DAY } })
    await refresh('RENEWAL', 60)
    expect(await found()).toMatchObject({ terms: { paidUntil: NOON + 30 * DAY } })
  })

  test('a cancellation that is sent again after a later renewal shortens nothing', async () => {
    await refresh('RENEWAL', 60)
    await refresh('UNSUBSCRIBE_RENEWAL_PERIOD', 30)
    await refresh('RENEWAL', 90, market.newOrder())
    await refresh('UNSUBSCRIBE_RENEWAL_PERIOD', 30)
    expect(await found()).toMatchObject({ terms: { paidUntil: NOON + 90 * DAY } })
  })

  test('a cancellation by an order of its own shortens', async () => {
    const own = market.newOrder()
    await refresh('RENEWAL', 60)
    await refresh('UNSUBSCRIBE_RENEWAL_PERIOD', 30, own)
    expect(await found()).toMatchObject({ terms: { paidUntil: NOON + 30 * DAY } })
    expect(await market.authority.store.ordersNumbered(own)).toMatchObject([{ cause: 'cancellation' }])
  })

  test('a scene that no document names is 000002, parked, and told to support once', async () => {
    for (let n = 0; n < 3; n++) expect(await refresh('MOVE_TO_MOON', 60)).toMatchObject({ code: '000002' })
    const { store } = market.authority
    const parked = (await store.parked(99)).filter((call) => call.order === order)
    expect(parked).toMatchObject([{ why: 'unknown_scene', instance: null }])
    const alerts = (await store.dueAlerts(NOON, 99)).filter(({ alert }) => alert.detail.order === order)
    expect(alerts).toMatchObject([{ alert: { detail: { scene: 'MOVE_TO_MOON', instance } } }])
    expect(await found()).toMatchObject({ revision: 2 })
    await sweep(market.authority)
    expect((await store.parked(99)).some((call) => call.order === order)).toBe(true)
  })

  test('of an unknown instance is parked and noted, and not applied', async () => {
    instance = 'i-unknown'
    expect(await refresh('RENEWAL', 60)).toMatchObject({ code: '000003' })
    expect(await noted()).toMatchObject({ state: 'parked', license: null })
  })
})
