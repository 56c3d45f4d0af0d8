import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { setPages } from '../../src/authority/pages.ts'
import type { HuaweiCall, Moment } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { DAY, inDays, type Reply } from './desk.ts'
import { lineOf } from './market.ts'
import { appInfoOf, openSaas1Desk, type Saas1Desk } from './saas-1-kit.ts'

/* One production address for every family: three activities have one name by GET and by POST. */

let desk: Saas1Desk
let orderId: string
beforeAll(async () => {
  desk = await openSaas1Desk()
  await setPages(desk.authority, 'huawei', { frontEnd: 'https://cad.example.com/' })
})
beforeEach(() => {
  orderId = desk.newOrder()
})
afterAll(() => desk.close())

function send(build: (moment: Moment) => HuaweiCall): Promise<Reply> {
  desk.clock.time += 1
  return desk.send(build(desk.moment()))
}
const found = (instance: string) => desk.authority.store.byInstance('huawei', instance)

test('newInstance by GET sells, and by POST opens', async () => {
  const sold = await desk.opens({ orderId })
  const opened = await send((at) => desk.caller.newInstance(lineOf(orderId), at))
  expect(appInfoOf(sold).memo).toContain('LC1-')
  expect(JSON.parse(opened.body)).toEqual({
    resultCode: '000000',
    resultMsg: 'success.',
    instanceId: opened.instance,
  })
  expect(await found(sold.instance)).toMatchObject({ status: 'active' })
  expect(await found(opened.instance)).toMatchObject({ status: 'pending' })
})

test('refreshInstance by POST wants its scene, and by GET has none', async () => {
  const { instance } = await desk.opens({ orderId })
  const renewal = { instanceId: instance, expireTime: inDays(60) }
  const named = (orderId: string) => ({ ...renewal, orderId })
  expect(
    (await send((at) => desk.caller.post({ activity: 'refreshInstance', ...named('R-1') }, at))).code,
  ).toBe('000002')
  expect(await found(instance)).toMatchObject({ revision: 1 })
  const scene = { ...lineOf('R-2'), ...renewal, scene: 'RENEWAL', expireTime: inDays(61) }
  expect((await send((at) => desk.caller.refreshInstance(scene, at))).code).toBe('000000')
  expect(
    (await send((at) => desk.elder.refreshInstance({ ...named('R-3'), expireTime: inDays(62) }, at))).code,
  ).toBe('000000')
  expect(await found(instance)).toMatchObject({ terms: { paidUntil: NOON + 62 * DAY }, revision: 3 })
})

test('an instance bought by one family is frozen, lifted, shown and released by the calls of another', async () => {
  const bought = await desk.buy({ orderId })
  const instanceId = bought.instance
  await send((at) => desk.elder.instanceStatus({ instanceId, instanceStatus: 'FREEZE' }, at))
  expect(await found(instanceId)).toMatchObject({ status: 'frozen', reason: 'violation' })
  await send((at) => desk.caller.updateInstanceStatus({ instanceId, status: 'UNFREEZE' }, at))
  const shown = await send((at) => desk.caller.queryInstance({ instanceId }, at))
  const [{ appInfo }] = JSON.parse(shown.body).info
  expect(appInfo).toMatchObject({ frontEndUrl: 'https://cad.example.com/' })
  expect(desk.verdictOf(appInfo.memo)).toMatchObject({
    valid: true,
    license: { id: instanceId, revision: 3 },
  })
  await send((at) => desk.elder.releaseInstance({ instanceId, orderId }, at))
  expect(await found(instanceId)).toMatchObject({ status: 'released' })
})

test('UNFREEZE is no word of SaaS 1.0, nor NORMAL one of SaaS 2.0', async () => {
  const { instance: instanceId } = await desk.opens({ orderId })
  await send((at) => desk.elder.instanceStatus({ instanceId, instanceStatus: 'FREEZE' }, at))
  const wrong = [
    (at: Moment) => desk.elder.instanceStatus({ instanceId, instanceStatus: 'UNFREEZE' as never }, at),
    (at: Moment) => desk.caller.updateInstanceStatus({ instanceId, status: 'NORMAL' }, at),
  ]
  for (const build of wrong) expect((await send(build)).code).toBe('000002')
  expect(await found(instanceId)).toMatchObject({ status: 'frozen' })
})

test('a call that was signed for GET is nothing by POST, and the other way round', async () => {
  const at = desk.moment()
  const get = desk.elder.releaseInstance({ instanceId: 'i', orderId }, at)
  const post = desk.caller.releaseInstance({ instanceId: 'i' }, at)
  const crossed: readonly HuaweiCall[] = [
    { ...get, method: 'POST' },
    { ...get, method: 'POST', headers: post.headers, body: post.body },
    { ...post, method: 'GET' },
    { ...post, method: 'GET', body: null },
    { ...post, url: `${post.url}&${get.url.split('?')[1]}`, method: 'GET', body: null },
  ]
  for (const call of crossed) expect(['000001', '000002']).toContain((await desk.send(call)).code)
  expect(await desk.authority.store.parkedFor('huawei', 'i')).toEqual([])
})

test('an order that License 1.0 and SaaS 1.0 both ask for is one license', async () => {
  const bought = await desk.buy({ orderId })
  const shown = await send((at) =>
    desk.elder.newInstance({ customerId: 'c', customerName: 'n', orderId, productId: 'OFFI-GOLD' }, at),
  )
  expect(shown.instance).toBe(bought.instance)
})
