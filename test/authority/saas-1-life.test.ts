import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import { MAX_REVISION } from '../../src/domain/license.ts'
import type { HuaweiCall, Moment } from '../../src/marketplace/huawei/caller.ts'
import { CATALOG, NOON } from '../support/instance.ts'
import { DAY, inDays, type Reply, withStore } from './desk.ts'
import { appInfoOf, openSaas1Desk, type Saas1Desk, soldByHand } from './saas-1-kit.ts'

let desk: Saas1Desk
let orderId: string
let instance: string
let text: string
beforeAll(async () => {
  desk = await openSaas1Desk()
})
beforeEach(async () => {
  orderId = desk.newOrder()
  desk.clock.time += 1
  const sold = await desk.opens({ orderId })
  instance = sold.instance
  text = appInfoOf(sold).memo!
})
afterAll(() => desk.close())

const DONE = '{"resultCode":"000000","resultMsg":"success."}'
const found = (of = instance) => desk.authority.store.byInstance('huawei', of)

function send(build: (moment: Moment) => HuaweiCall): Promise<Reply> {
  desk.clock.time += 1
  return desk.send(build(desk.moment()))
}

/** What fifty calls are answered, each signed anew. */
async function fifty(call: () => Promise<Reply>): Promise<readonly string[]> {
  const bodies = new Set<string>()
  for (let n = 0; n < 50; n++) bodies.add((await call()).body)
  return [...bodies]
}

const refresh = (fields: { orderId: string; expireTime: string; trialToFormal?: '1' }, of = instance) =>
  send((at) => desk.elder.refreshInstance({ instanceId: of, ...fields }, at))
const expire = (of = instance) => send((at) => desk.elder.expireInstance({ orderId, instanceId: of }, at))
const release = (of = instance) => send((at) => desk.elder.releaseInstance({ orderId, instanceId: of }, at))
const status = (instanceStatus: 'FREEZE' | 'NORMAL', of = instance) =>
  send((at) => desk.elder.instanceStatus({ instanceId: of, instanceStatus }, at))
const upgrade = (number: string, productId: string, amount = 9, of = instance) => {
  const bought = { productId, skuCode: 'sku', amount }
  return send((at) => desk.elder.upgrade({ orderId: number, instanceId: of, ...bought }, at))
}

test('a renewal moves the end, once', async () => {
  const number = desk.newOrder()
  expect((await refresh({ orderId: number, expireTime: inDays(60) })).code).toBe('000000')
  const renewed = await found()
  expect(renewed).toMatchObject({ terms: { paidUntil: NOON + 60 * DAY }, revision: 2 })
  let days = 60
  expect(await fifty(() => refresh({ orderId: number, expireTime: inDays(days++) }))).toEqual([DONE])
  expect(await found()).toEqual(renewed)
  expect(await desk.authority.store.ordersNumbered(number)).toMatchObject([
    { cause: 'renewal', state: 'applied', license: instance },
  ])
})

test('a renewal with an earlier end changes nothing', async () => {
  const before = await found()
  expect((await refresh({ orderId: desk.newOrder(), expireTime: inDays(10) })).code).toBe('000000')
  expect(await found()).toEqual({ ...before, orders: expect.anything() })
})

test('a trial that turns formal keeps its license and is one no more', async () => {
  const trial = await desk.opens({ orderId: desk.newOrder(), trialFlag: '1', expireTime: inDays(7) })
  await refresh({ orderId: desk.newOrder(), expireTime: inDays(8) }, trial.instance)
  expect(await found(trial.instance)).toMatchObject({ terms: { trial: true } })
  const formal = { orderId: desk.newOrder(), expireTime: inDays(8), trialToFormal: '1' } as const
  expect(await fifty(() => refresh(formal, trial.instance))).toEqual([DONE])
  expect(await found(trial.instance)).toMatchObject({
    id: trial.instance,
    revision: 3,
    terms: { trial: false },
  })
  const newest = await desk.newest(appInfoOf(trial).memo!)
  expect(desk.verdictOf(newest!)).toMatchObject({
    valid: true,
    license: { trial: false, id: trial.instance },
  })
  expect(await desk.authority.store.ordersNumbered(formal.orderId)).toMatchObject([
    { cause: 'formal', state: 'applied' },
  ])
})

test('an upgrade changes the same license at once, and only once', async () => {
  const [base, gold] = [desk.newOrder(), desk.newOrder()]
  expect(await fifty(() => upgrade(base, 'OFFI-BASE'))).toEqual([DONE])
  expect(await found()).toMatchObject({ revision: 2, terms: { edition: 1, seats: 3 } })
  await upgrade(gold, 'OFFI-GOLD')
  await upgrade(base, 'OFFI-BASE')
  expect(await found()).toMatchObject({ revision: 3, terms: { edition: 2, seats: 9 } })
  expect(desk.verdictOf((await desk.newest(text))!)).toMatchObject({ license: { id: instance, seats: 9 } })
})

test('an upgrade that waited for its offer undoes no newer one', async () => {
  const waits = desk.newOrder()
  expect((await upgrade(waits, 'OFFI-WAITS')).code).toBe('000005')
  expect((await upgrade(desk.newOrder(), 'OFFI-GOLD')).code).toBe('000000')
  const offer = { ...CATALOG.offers[1]!, marketplaceProduct: 'OFFI-WAITS' }
  await applyCatalog(desk.authority, { ...CATALOG, offers: [...CATALOG.offers, offer] })
  expect((await upgrade(waits, 'OFFI-WAITS')).code).toBe('000000')
  expect(await found()).toMatchObject({ terms: { edition: 2, seats: 9 } })
  expect(await desk.authority.store.parkedCount()).toBe(0)
})

test('at the last revision an upgrade is refused each time, and support is told once', async () => {
  const before = (await found())!
  const last = { ...before, revision: MAX_REVISION }
  const exhausted = withStore(desk.authority, { byInstance: async () => last })
  const order = { orderId: desk.newOrder(), instanceId: instance, productId: 'OFFI-BASE', skuCode: 'sku' }
  for (let n = 0; n < 3; n++) {
    desk.clock.time += 1
    const call = desk.elder.upgrade(order, desk.moment())
    expect((await desk.send(call, exhausted)).code).toBe('000005')
  }
  expect(await found()).toEqual(before)
  const alerts = await desk.authority.store.dueAlerts(desk.clock.time, 1_000)
  expect(alerts.filter(({ alert }) => alert.kind === 'revisions_exhausted')).toMatchObject([
    { alert: { detail: { license: instance, revision: MAX_REVISION } } },
  ])
  expect(await desk.authority.store.ordersNumbered(order.orderId)).toMatchObject([{ state: 'refused' }])
})

test.each(['0', 'many', '65536', '-1', '1.5'])('an upgrade to %s seats waits for support', async (amount) => {
  const before = await found()
  expect((await upgrade(desk.newOrder(), 'OFFI-GOLD', amount as never)).code).toBe('000005')
  expect(await found()).toEqual(before)
  const [call] = await desk.authority.store.parked(9)
  expect(call).toMatchObject({ why: 'bad_quantity' })
  await desk.authority.store.commit({ unpark: [call!.key] })
})

test('a freeze for a violation is lifted by NORMAL, each told as often as one likes', async () => {
  expect(await fifty(() => status('FREEZE'))).toEqual([DONE])
  expect(await found()).toMatchObject({ status: 'frozen', reason: 'violation', revision: 2 })
  expect(await fifty(() => status('NORMAL'))).toEqual([DONE])
  expect(await found()).toMatchObject({ status: 'active', revision: 3 })
})

test('a renewal does not lift a freeze for a violation', async () => {
  await status('FREEZE')
  await refresh({ orderId: desk.newOrder(), expireTime: inDays(90) })
  expect(await found()).toMatchObject({ status: 'frozen', terms: { paidUntil: NOON + 90 * DAY } })
})

test('an expiry freezes before the end too; a renewal makes it work again, and NORMAL then changes nothing', async () => {
  expect(await fifty(() => expire())).toEqual([DONE])
  expect(await found()).toMatchObject({ status: 'frozen', reason: 'expired' })
  await refresh({ orderId: desk.newOrder(), expireTime: inDays(90) })
  const renewed = await found()
  expect(renewed).toMatchObject({ status: 'active' })
  expect((await status('NORMAL')).code).toBe('000000')
  expect(await found()).toEqual(renewed)
})

test('a release is for ever: what asks for more is 000003, what asks for less is 000000', async () => {
  expect(await fifty(() => release())).toEqual([DONE])
  const released = await found()
  expect(released).toMatchObject({ status: 'released', revision: 2 })
  for (const more of [
    await refresh({ orderId: desk.newOrder(), expireTime: inDays(90) }),
    await refresh({ orderId: desk.newOrder(), expireTime: inDays(90), trialToFormal: '1' }),
    await status('NORMAL'),
    await upgrade(desk.newOrder(), 'OFFI-BASE'),
  ])
    expect(more.code).toBe('000003')
  for (const less of [await status('FREEZE'), await expire()]) expect(less.body).toBe(DONE)
  expect(await found()).toEqual(released)
})

test('calls on an instance that nobody sold wait for it: 000003, and applied once it is there', async () => {
  const unmet = `met-${orderId}`
  const late = [
    await refresh({ orderId: desk.newOrder(), expireTime: inDays(60) }, unmet),
    await status('FREEZE', unmet),
    await status('FREEZE', unmet),
  ]
  for (const { code } of late) expect(code).toBe('000003')
  expect(await desk.authority.store.parkedFor('huawei', unmet)).toHaveLength(2)
  expect((await upgrade(desk.newOrder(), 'OFFI-GOLD', 9, unmet)).code).toBe('000003')
  await soldByHand(desk, { instance: { channel: 'huawei', instance: unmet } })
  expect(await found(unmet)).toMatchObject({ status: 'frozen', terms: { paidUntil: NOON + 60 * DAY } })
  expect(await desk.authority.store.parkedFor('huawei', unmet)).toEqual([])
})

test('a test call on an instance that nobody sold is 000000 and waits for nothing', async () => {
  const named = { orderId, instanceId: 'nobody', testFlag: 1 }
  const { elder } = desk
  const builds: readonly ((at: Moment) => HuaweiCall)[] = [
    (at) => elder.refreshInstance({ ...named, expireTime: inDays(60) }, at),
    (at) => elder.expireInstance(named, at),
    (at) => elder.releaseInstance(named, at),
    (at) => elder.upgrade({ ...named, productId: 'OFFI-GOLD', skuCode: 's' }, at),
    (at) => elder.instanceStatus({ ...named, instanceStatus: 'NORMAL' }, at),
    (at) => elder.upgrade({ ...named, orderId: 'MOCKMONTYCHANGE', productId: 'P', skuCode: 's' }, at),
  ]
  for (const build of builds) expect(await send(build)).toMatchObject({ body: DONE })
  expect(await desk.authority.store.parkedCount()).toBe(0)
})
