import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sellDirectly } from '../../src/authority/operate.ts'
import { NOON } from '../support/instance.ts'
import { claimsOf, DAY, type Desk, inDays, openDesk, type Reply } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** A fresh license of thirty days. */
let sold: Reply
beforeEach(async () => {
  desk.clock.time = NOON
  sold = await desk.buy({ orderId: desk.newOrder() })
  desk.clock.time += 60
})

const license = () => desk.authority.store.byId(sold.instance)
const end = (days: number) => NOON + days * DAY

const renewBy1 = (days: number, orderId = desk.newOrder()) =>
  desk.send(
    desk.caller.refreshLicense(
      { orderId, instanceId: sold.instance, expireTime: inDays(days) },
      desk.moment(),
    ),
  )

const renewBy2 = (days: number, orderId = desk.newOrder(), scene = 'RENEWAL') =>
  desk.send(
    desk.caller.refreshLicenseCode(
      { scene, orderId, orderLineId: `${orderId}-1`, license: sold.instance, expireTime: inDays(days) },
      desk.moment(),
    ),
  )

const families = [
  ['License 1.0', renewBy1],
  ['License 2.0', renewBy2],
] as const

describe.each(families)('a renewal by %s', (_, renew) => {
  test('sets the end, raises the revision, and issues a code until then', async () => {
    expect(await renew(60)).toEqual(expect.objectContaining({ code: '000000', license: '', instance: '' }))
    expect(await license()).toMatchObject({ status: 'active', revision: 2, terms: { paidUntil: end(60) } })
    const answer = await desk.ask(sold.license)
    expect(claimsOf(answer)).toMatchObject({ rev: 2, paid_until: end(60), works_until: end(63) })
    expect(desk.verdictOf(answer.currentCode!)).toMatchObject({
      valid: true,
      license: { id: sold.instance, revision: 2, paidUntil: end(60), issuedAt: NOON + 60, seats: 5 },
    })
  })

  test('to an earlier end changes nothing', async () => {
    expect(await renew(10)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 1, terms: { paidUntil: end(30) } })
    expect(await desk.newest(sold.license)).toBeUndefined()
  })

  test('to the same end changes nothing', async () => {
    expect(await renew(30)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 1 })
  })

  test('of an order that applied before never applies again', async () => {
    const order = desk.newOrder()
    await renew(60, order)
    expect(await renew(90, order)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 2, terms: { paidUntil: end(60) } })
  })

  test('of an order that came too late to extend never applies either', async () => {
    const order = desk.newOrder()
    await renew(10, order)
    expect(await renew(90, order)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 1, terms: { paidUntil: end(30) } })
  })

  test('of the order of the purchase changes nothing', async () => {
    const { origin } = (await license())!
    expect(await renew(90, origin.order!.id)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 1 })
  })

  test('into the past of a license in grace issues no code', async () => {
    desk.clock.time = end(31)
    expect(await renew(30.5)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 2, terms: { paidUntil: end(30.5) } })
    expect(await desk.newest(sold.license)).toBeUndefined()
  })

  test('of a released license is 000003', async () => {
    await desk.send(desk.caller.releaseLicense({ orderId: 'x', instanceId: sold.instance }, desk.moment()))
    expect(await renew(60)).toMatchObject({ code: '000003' })
    expect(await license()).toMatchObject({ status: 'released', revision: 2 })
  })

  test('keeps the device that support bound the license to', async () => {
    const instance = { channel: 'huawei', instance: `bound-${desk.newOrder()}` }
    const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false }
    const sale = {
      ...terms,
      paidUntil: end(30),
      binding: '00'.repeat(10),
      instance,
      order: null,
      customer: null,
    }
    await sellDirectly(desk.authority, sale, { who: 'operator', reason: null })
    sold = { ...sold, instance: instance.instance }
    expect(await renew(60)).toMatchObject({ code: '000000' })
    const renewed = await desk.authority.store.byInstance('huawei', instance.instance)
    expect(renewed).toMatchObject({ revision: 2, terms: { binding: '00'.repeat(10) } })
  })
})

describe('UNSUBSCRIBE_RENEWAL_PERIOD', () => {
  const shorten = (days: number, order?: string) => renewBy2(days, order, 'UNSUBSCRIBE_RENEWAL_PERIOD')

  test('moves the end earlier and issues a code until then', async () => {
    await renewBy2(60)
    expect(await shorten(20)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 3, terms: { paidUntil: end(20) } })
    expect(desk.verdictOf((await desk.newest(sold.license))!)).toMatchObject({
      license: { revision: 3, paidUntil: end(20) },
    })
  })

  test('to an end that is not in the future issues no code, but raises the revision', async () => {
    expect(await shorten(-1)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ status: 'active', revision: 2, terms: { paidUntil: end(-1) } })
    const answer = await desk.ask(sold.license)
    // One day past the end is within the three days of grace.
    expect(answer).toMatchObject({ valid: true, standing: 'grace', license: { revision: 2 } })
    expect(answer.currentCode).toBeUndefined()
    expect(claimsOf(answer)).toMatchObject({ rev: 2, paid_until: end(-1) })
    expect(await desk.authority.store.newestCode(sold.instance)).toMatchObject({ revision: 1 })
  })

  test('far into the past leaves an expired license', async () => {
    expect(await shorten(-10)).toMatchObject({ code: '000000' })
    expect(await desk.ask(sold.license)).toMatchObject({
      valid: false,
      standing: 'expired',
      reason: 'expired',
    })
  })

  test('to a later end changes nothing', async () => {
    expect(await shorten(90)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 1, terms: { paidUntil: end(30) } })
  })

  test('is not undone by the late repeat of the renewal it took back', async () => {
    const renewal = desk.newOrder()
    await renewBy2(60, renewal)
    await shorten(30)
    expect(await renewBy2(60, renewal)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 3, terms: { paidUntil: end(30) } })
  })
})

describe('a trial', () => {
  beforeEach(async () => {
    sold = await desk.buy({ orderId: desk.newOrder(), trialFlag: '1' })
  })

  test.each([
    ['TRIAL_TO_FORMAL', 60],
    ['TRIAL_TO_FORMAL', 30],
    ['TRIAL_TO_FORMAL', 10],
  ])('turns formal by %s to day %i, and its new code says so', async (scene, days) => {
    expect(await license()).toMatchObject({ terms: { trial: true } })
    const order = desk.newOrder()
    for (let time = 0; time < 2; time++) {
      expect(await renewBy2(days, order, scene)).toMatchObject({ code: '000000' })
    }
    const paidUntil = end(Math.max(30, days))
    expect(await license()).toMatchObject({ revision: 2, terms: { trial: false, paidUntil } })
    expect(desk.verdictOf((await desk.newest(sold.license))!)).toMatchObject({
      valid: true,
      license: { revision: 2, trial: false, paidUntil },
    })
    expect(claimsOf(await desk.ask(sold.license))).toMatchObject({ trial: false })
  })

  test('turns formal by refreshLicense', async () => {
    expect(await renewBy1(60)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 2, terms: { trial: false, paidUntil: end(60) } })
    const history = await desk.authority.store.history(sold.instance)
    expect(history.at(-1)).toMatchObject({ event: { type: 'renewed', formal: true } })
  })

  test('stays a trial by RENEWAL', async () => {
    expect(await renewBy2(60)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 2, terms: { trial: true, paidUntil: end(60) } })
  })
})

test('TRIAL_TO_FORMAL extends like a renewal', async () => {
  expect(await renewBy2(60, undefined, 'TRIAL_TO_FORMAL')).toMatchObject({ code: '000000' })
  expect(await license()).toMatchObject({ revision: 2, terms: { paidUntil: end(60) } })
})

test('an unknown scene is 000002 and changes nothing', async () => {
  expect(await renewBy2(60, undefined, 'SPRING_CLEANING')).toMatchObject({ code: '000002' })
  expect(await license()).toMatchObject({ revision: 1 })
})
