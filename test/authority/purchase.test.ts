import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operate, sellDirectly } from '../../src/authority/operate.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk, PURCHASE } from './desk.ts'

const SUPPORT = { who: 'operator', reason: 'test' }

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** Every test has an order of its own. */
let orderId: string
let heard: number
beforeEach(() => {
  orderId = desk.newOrder()
  heard = desk.lines.length
  desk.clock.time = NOON
})

const buy = (fields = {}) => desk.buy({ orderId, ...fields })
const sold = () => desk.authority.store.byOrder('huawei', { id: orderId, line: '' })
const warnings = () =>
  desk.lines
    .slice(heard)
    .filter(({ level }) => level === 'warn')
    .map(({ event }) => event)

describe('a purchase', () => {
  test('yields a code that shipped software accepts under the pinned root', async () => {
    const answer = await buy()
    expect(answer).toMatchObject({ code: '000000', signedBy: 'access-key-of-the-tests-0001' })
    expect(desk.verdictOf(answer.license)).toMatchObject({
      valid: true,
      standing: 'active',
      license: {
        id: answer.instance,
        product: 1001,
        edition: 2,
        features: [0, 1, 2],
        seats: 5,
        trial: false,
        revision: 1,
        issuedAt: desk.clock.time,
        paidUntil: Date.UTC(2026, 11, 21, 12) / 1000,
        worksUntil: Date.UTC(2026, 11, 24, 12) / 1000,
        bound: false,
      },
    })
  })

  test('answers with the license text: LC1, a space, the LK1 of its key', async () => {
    const { license, body } = await buy()
    expect(license).toMatch(/^LC1-[0-9A-Z-]+ LK1-[0-9A-Z-]+$/)
    expect(Object.keys(JSON.parse(body))).toEqual(['resultCode', 'resultMsg', 'license', 'instanceId'])
  })

  test('names the license by 16 hex digits that have nothing to do with the order', async () => {
    const [one, two] = [await buy(), await buy({ orderId: desk.newOrder() })]
    expect(one.instance).toMatch(/^[0-9a-f]{16}$/)
    expect(two.instance).toMatch(/^[0-9a-f]{16}$/)
    expect(two.instance).not.toBe(one.instance)
  })

  test('of another line of the same order is another license', async () => {
    const one = await buy({ orderLineId: '1' })
    const two = await buy({ orderLineId: '2' })
    expect(two.instance).not.toBe(one.instance)
  })

  test('without an end is perpetual', async () => {
    const { license } = await buy({ expireTime: undefined })
    expect(desk.verdictOf(license)).toMatchObject({ valid: true, license: { paidUntil: null } })
  })

  test.each([
    { periodType: 'year' },
    { chargingMode: '1' },
  ])('of a period (%o) without an end is 000002 and sells nothing', async (fields) => {
    expect(await buy({ expireTime: undefined, ...fields })).toMatchObject({ code: '000002' })
    expect(await sold()).toBeNull()
  })

  test('with trialFlag is a trial', async () => {
    const { license } = await buy({ trialFlag: '1' })
    expect(desk.verdictOf(license)).toMatchObject({ valid: true, license: { trial: true } })
  })

  test('whose end has come already is 000002 and sells nothing', async () => {
    expect(await buy({ expireTime: inDays(0) })).toMatchObject({ code: '000002' })
    expect(await sold()).toBeNull()
  })

  test('of an offer with fixed seats takes them, whatever quantity is sent', async () => {
    const { license } = await buy({ productId: 'OFFI-BASE', amount: 'many' })
    expect(desk.verdictOf(license)).toMatchObject({ license: { edition: 1, seats: 3, features: [0] } })
  })

  test('of the most seats a code can carry is sold', async () => {
    const { license } = await buy({ amount: 65_535 })
    expect(desk.verdictOf(license)).toMatchObject({ license: { seats: 65_535 } })
  })

  test('up to the last second of the year 9999 is sold, its code ending when codes end', async () => {
    const { license } = await buy({ expireTime: '99991231235959' })
    expect(desk.verdictOf(license)).toMatchObject({ valid: true, license: { paidUntil: 0xffff_fffe } })
  })
})

describe('the same order line', () => {
  const repeats: readonly (readonly [string, Record<string, string | number | undefined>])[] = [
    ['with nothing changed', {}],
    ['with another product', { productId: 'OFFI-BASE' }],
    ['with an unknown product', { productId: 'OFFI-NEVER' }],
    ['with a bad quantity', { amount: 0 }],
    ['with another end', { expireTime: inDays(60) }],
    ['with an end that has passed', { expireTime: inDays(-1) }],
    ['with no end', { expireTime: undefined }],
    ['as a trial', { trialFlag: 1 }],
    ['by another customer', { customerId: 'customer-2', customerName: 'Somebody Else' }],
  ]

  test.each(repeats)('%s gets equal bytes', async (_, fields) => {
    const first = await buy()
    desk.clock.time += 1
    const again = await buy(fields)
    expect(again.body).toBe(first.body)
    expect(await sold()).toMatchObject({ id: first.instance, revision: 1 })
    const differs = _ !== 'with nothing changed' && _ !== 'by another customer'
    expect(warnings()).toEqual(differs ? ['sale_differs'] : [])
  })

  test('months later gets equal bytes, and leaves the license as it is', async () => {
    const first = await buy()
    desk.clock.time += 400 * DAY
    expect((await buy()).body).toBe(first.body)
    expect((await desk.authority.store.byId(first.instance))?.revision).toBe(1)
  })

  test('after a freeze and after the release gets equal bytes and revives nothing', async () => {
    const first = await buy()
    const end = { orderId, instanceId: first.instance }
    expect(await desk.send(desk.caller.expireLicense(end, desk.moment()))).toMatchObject({ code: '000000' })
    expect((await buy()).body).toBe(first.body)
    expect(await desk.authority.store.byId(first.instance)).toMatchObject({ status: 'frozen' })
    expect(await desk.send(desk.caller.releaseLicense(end, desk.moment()))).toMatchObject({ code: '000000' })
    expect((await buy()).body).toBe(first.body)
    expect(await desk.authority.store.byId(first.instance)).toMatchObject({ status: 'released', revision: 3 })
  })

  test('after a renewal gets its first answer, not the newer code', async () => {
    const first = await buy()
    const renewal = { orderId: desk.newOrder(), instanceId: first.instance, expireTime: inDays(60) }
    await desk.send(desk.caller.refreshLicense(renewal, desk.moment()))
    expect((await buy()).body).toBe(first.body)
  })

  test('after a restart gets equal bytes', async () => {
    const first = await buy()
    const reopened = await desk.reopen()
    expect(
      (await desk.send(desk.caller.getLicense({ ...PURCHASE, orderId }, desk.moment()), reopened.authority))
        .body,
    ).toBe(first.body)
    await reopened.close()
  })

  test('fifty times at once is one license and fifty equal answers', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => buy()))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(answers[0]).toMatchObject({ code: '000000' })
    expect(await sold()).toMatchObject({ id: answers[0]!.instance, revision: 1 })
  })

  test('sold by support before is answered with the code it has, also after a renewal', async () => {
    const instance = { channel: 'huawei', instance: 'known-to-the-channel' }
    const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false, binding: null }
    const paidUntil = desk.clock.time + 10 * DAY
    const sale = { ...terms, paidUntil, instance, order: orderId, customer: null }
    const issued = await sellDirectly(desk.authority, sale, SUPPORT)
    const answer = await buy()
    expect(answer).toMatchObject({ code: '000000', instance: 'known-to-the-channel' })
    expect(issued.ok && issued.value.text).toBe(answer.license)
    const renew = { type: 'renew', order: null, paidUntil: paidUntil + DAY } as const
    expect(await operate(desk.authority, instance, renew, SUPPORT)).toMatchObject({ ok: true })
    expect((await buy()).body).toBe(answer.body)
  })
})
