import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sellDirectly } from '../../src/authority/operate.ts'
import { settleApplications } from '../../src/authority/waiting-applications.ts'
import { NOON } from '../support/instance.ts'
import { type Applying, applyingAt, inDaysUtc, newEvent } from './applying.ts'
import { DAY } from './desk.ts'
import { type Market, openMarket, orderOf } from './market.ts'

let market: Market
let desk: Applying
beforeAll(async () => {
  market = await openMarket()
  desk = applyingAt(market)
})
afterAll(() => market.close())

let order: string
let instance: string
let event: string
beforeEach(async () => {
  market.clock.time = NOON
  order = market.newOrder()
  instance = (await market.opens(order, null)).instance
  event = newEvent()
  await market.learn()
})

/** The marketplace knows the order by now, and the next try is due. */
function known(info = orderOf(order)): void {
  market.orders.set(order, info)
  market.clock.time += 3_600
}

const applications = () => market.authority.store.applicationsOf(instance)
const uploads = () => market.uploads.filter((one) => one.event === event)
const alerts = async () =>
  (await market.authority.store.dueAlerts(market.clock.time, 99)).filter(
    ({ alert }) => alert.kind === 'refused_application' && alert.detail.license === instance,
  )
const status = (to: string) =>
  market.send(market.caller.updateInstanceStatus({ instanceId: instance, status: to }, market.moment()))

describe('an application for an instance whose order is not learnt', () => {
  test('fifty times is 000004 in equal bytes, and waits once', async () => {
    const first = await desk.apply(instance, { eventId: event })
    expect(JSON.parse(first.body)).toEqual({ resultCode: '000004', resultMsg: 'request is in process.' })
    for (let n = 0; n < 49; n++)
      expect((await desk.apply(instance, { eventId: event })).body).toBe(first.body)
    expect(await applications()).toMatchObject([{ event, state: 'waiting', at: NOON }])
    await desk.settle()
    expect(uploads()).toEqual([])
    expect(await applications()).toMatchObject([{ state: 'waiting' }])
  })

  test('is uploaded when the order is learnt, and 000000 from then on', async () => {
    await desk.apply(instance, { eventId: event })
    known()
    await desk.settle()
    expect(market.verdictOf(desk.uploaded(event), 'laptop')).toMatchObject({
      valid: true,
      license: { id: instance },
    })
    expect(await desk.apply(instance, { eventId: event })).toMatchObject({ code: '000000' })
    await desk.settle()
    expect(uploads()).toHaveLength(1)
    expect(await alerts()).toEqual([])
  })

  test('is uploaded also when support sells the license by hand', async () => {
    await desk.apply(instance, { eventId: event })
    const terms = { product: 'cad-pro', edition: 'flagship', seats: 1, trial: false, binding: null }
    const sale = { ...terms, paidUntil: NOON + 30 * DAY, order: null, customer: null }
    const by = { who: 'operator', reason: null }
    const sold = await sellDirectly(
      market.authority,
      { ...sale, instance: { channel: 'huawei', instance } },
      by,
    )
    expect(sold).toMatchObject({ ok: true })
    await desk.settle()
    expect(uploads()).toHaveLength(1)
  })

  test('waits on while the license is frozen for a violation', async () => {
    await desk.apply(instance, { eventId: event })
    await status('FREEZE')
    known()
    await desk.settle()
    expect(await applications()).toMatchObject([{ state: 'waiting' }])
    await status('UNFREEZE')
    await desk.settle()
    expect(uploads()).toHaveLength(1)
  })

  test('of a license with fewer seats serves the first, refuses the others and tells support, once', async () => {
    for (const device of ['a', 'b', 'c']) {
      market.clock.time += 1
      await desk.apply(instance, { eventId: event, deviceFingerprint: device })
    }
    known(orderOf(order, { product: { linearValue: 2 } }))
    await desk.settle()
    await desk.settle()
    expect(await applications()).toMatchObject([
      { state: 'made' },
      { state: 'made' },
      { state: 'refused', why: 'no_seat' },
    ])
    expect(uploads()).toHaveLength(2)
    expect(await alerts()).toMatchObject([
      { alert: { detail: { channel: 'huawei', license: instance, event, why: 'no_seat' } } },
    ])
    expect(await desk.apply(instance, { eventId: event, deviceFingerprint: 'c' })).toMatchObject({
      code: '000900',
    })
  })

  test('that the order does not cover is refused, until it is asked for as it should be', async () => {
    await desk.apply(instance, { eventId: event, expireTime: undefined })
    known()
    await desk.settle()
    expect(await applications()).toMatchObject([{ state: 'refused', why: 'no_end' }])
    expect(await alerts()).toHaveLength(1)
    expect(await desk.apply(instance, { eventId: event, expireTime: undefined })).toMatchObject({
      code: '000902',
    })
    expect(await desk.apply(instance, { eventId: event })).toMatchObject({ code: '000000' })
    expect(await applications()).toMatchObject([{ state: 'made', expiresAt: NOON + 30 * DAY }])
  })

  test('is refused when the instance is released first', async () => {
    await desk.apply(instance, { eventId: event })
    await market.send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    known()
    await desk.settle()
    expect(await applications()).toMatchObject([{ state: 'refused', why: 'license_released' }])
    expect(uploads()).toEqual([])
  })

  test('is served by one of two processes', async () => {
    await desk.apply(instance, { eventId: event })
    known()
    await market.learn()
    const second = await market.reopen()

    const settled = await Promise.all([
      settleApplications(market.authority),
      settleApplications(second.authority),
    ])
    expect(settled.reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(1)
    await market.learn()
    expect(uploads()).toHaveLength(1)
    expect(await market.authority.store.places(instance, null, NOON)).toMatchObject({ next: 2 })
    await second.close()
  })
})

test('one that is learnt too late for what was asked is refused', async () => {
  await desk.apply(instance, { eventId: event, expireTime: inDaysUtc(1) })
  market.clock.time = NOON + 2 * DAY
  known()
  await desk.settle()
  expect(await applications()).toMatchObject([{ state: 'refused', why: 'outside_term' }])
})
