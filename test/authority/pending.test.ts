import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { customerOf } from '../../src/authority/customer.ts'
import { type DirectSale, operate, sellDirectly } from '../../src/authority/operate.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk, withStore } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** A code that the marketplace made and nobody told us of. */
let license: string
beforeEach(() => {
  desk.clock.time = NOON
  license = `PL${desk.newOrder()}`
})

const refresh = (days: number, scene = 'RENEWAL', orderId = desk.newOrder()) =>
  desk.send(
    desk.caller.refreshLicenseCode(
      { scene, orderId, orderLineId: `${orderId}-1`, license, expireTime: inDays(days) },
      desk.moment(),
    ),
  )
const status = (word: string) =>
  desk.send(desk.caller.updateLicenseCodeStatus({ license, status: word }, desk.moment()))
const release = () => desk.send(desk.caller.releaseLicenseCode({ license }, desk.moment()))
const found = () => desk.authority.store.byInstance('huawei', license)
const DONE = { code: '000000' }

function sell(changed: Partial<DirectSale> = {}, authority = desk.authority) {
  const sale: DirectSale = {
    product: 'cad-pro',
    edition: 'standard',
    seats: 1,
    paidUntil: NOON + 30 * DAY,
    trial: false,
    binding: null,
    instance: { channel: 'huawei', instance: license },
    order: null,
    customer: null,
    ...changed,
  }
  return sellDirectly(authority, sale, { who: 'operator', reason: null })
}

describe('License 2.0 on an unknown code', () => {
  test('a renewal makes a pending license that keeps the end', async () => {
    expect(await refresh(60)).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'pending', held: { renewedTo: NOON + 60 * DAY } })
    expect(await desk.authority.store.parkedFor('huawei', license)).toEqual([])
    expect(await desk.authority.store.newestCode((await found())!.id)).toBeNull()
  })

  test('a shortening is kept, and a later renewal with it', async () => {
    expect(await refresh(20, 'UNSUBSCRIBE_RENEWAL_PERIOD')).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'pending', held: { shortenedTo: NOON + 20 * DAY } })
    expect(await refresh(25)).toMatchObject(DONE)
    expect(await found()).toMatchObject({ held: { renewedTo: NOON + 25 * DAY } })
  })

  test('a FREEZE is marked, an UNFREEZE clears the mark', async () => {
    expect(await status('FREEZE')).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'pending', mark: 'violation' })
    expect(await status('UNFREEZE')).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'pending', mark: null })
  })

  test('an UNFREEZE meets it', async () => {
    expect(await status('UNFREEZE')).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'pending', revision: 1 })
  })

  test('a release meets it and ends it', async () => {
    expect(await release()).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'released', terms: null })
    expect(await refresh(60)).toMatchObject({ code: '000003' })
    expect(await release()).toMatchObject(DONE)
  })

  test('met twenty times at once is one license', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => status('FREEZE')))
    for (const answer of answers) expect(answer).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'pending', mark: 'violation', revision: 2 })
  })

  test('of another channel is another license', async () => {
    await refresh(60)
    expect(await desk.authority.store.byInstance('other', license)).toBeNull()
  })
})

describe('support issues a license that the channel already knows', () => {
  test('it becomes active under its own id, with the end its renewal asked for', async () => {
    await refresh(60)
    const met = await found()
    const sold = await sell({ customer: 'Ada' })
    expect(sold).toMatchObject({ ok: true, value: { changed: true, license: { id: met!.id } } })
    expect(await found()).toMatchObject({ status: 'active', terms: { paidUntil: NOON + 60 * DAY, seats: 1 } })
    expect(sold.ok && desk.verdictOf(sold.value.text!)).toMatchObject({
      valid: true,
      license: { id: met!.id, paidUntil: NOON + 60 * DAY },
    })
    expect(await customerOf(desk.authority, met!.id)).toBe('Ada')
  })

  test('it becomes frozen when it was marked, and works after the UNFREEZE', async () => {
    await status('FREEZE')
    expect(await sell()).toMatchObject({ ok: true, value: { license: { status: 'frozen' }, text: null } })
    expect(await status('UNFREEZE')).toMatchObject(DONE)
    expect(await found()).toMatchObject({ status: 'active', revision: 4 })
    expect(await desk.authority.store.newestCode((await found())!.id)).toMatchObject({ revision: 4 })
  })

  test('a past end is made good by the renewal that is kept', async () => {
    await refresh(60)
    expect(await sell({ paidUntil: NOON - DAY })).toMatchObject({ ok: true })
    expect(await found()).toMatchObject({ status: 'active', terms: { paidUntil: NOON + 60 * DAY } })
  })

  test('a past end with nothing kept is refused, and it stays pending', async () => {
    await status('UNFREEZE')
    const paidUntil = NOON - DAY
    expect(await sell({ paidUntil })).toEqual({
      ok: false,
      no: { reason: 'already_ended', paidUntil, now: NOON },
    })
    expect(await found()).toMatchObject({ status: 'pending', revision: 1 })
  })

  test('the order it was sold by becomes its own, and never applies again', async () => {
    await refresh(60)
    const order = desk.newOrder()
    expect(await sell({ order })).toMatchObject({
      ok: true,
      value: { license: { origin: { order: { id: order } } } },
    })
    expect(await found()).toMatchObject({ origin: { order: { id: order, line: '' } }, revision: 3 })
    expect((await found())!.orders).toContain(order)
    expect(await desk.authority.store.byOrder('huawei', { id: order, line: '' })).toEqual(await found())
    expect(await refresh(90, 'RENEWAL', order)).toMatchObject(DONE)
    expect(await found()).toMatchObject({ revision: 3, terms: { paidUntil: NOON + 60 * DAY } })
    const [met] = await desk.authority.store.history((await found())!.id)
    expect(met).toMatchObject({ event: { type: 'met', origin: { order: null } } })
  })

  test('an order that sold another license of the channel does not sell it', async () => {
    const order = desk.newOrder()
    await sell({ order, instance: { channel: 'huawei', instance: `${license}-other` } })
    await refresh(60)
    expect(await sell({ order })).toMatchObject({ ok: false, no: { reason: 'order_taken', order } })
    expect(await found()).toMatchObject({ status: 'pending', revision: 2 })
  })

  test('a trial that turned formal before its terms were known is no trial', async () => {
    await refresh(60, 'TRIAL_TO_FORMAL')
    await sell({ trial: true })
    expect(await found()).toMatchObject({ status: 'active', terms: { trial: false } })
  })

  test('a released one stays released: the instance is taken', async () => {
    await release()
    expect(await sell()).toMatchObject({ ok: false, no: { reason: 'instance_taken' } })
  })

  test('a second time is refused: the instance is taken', async () => {
    await refresh(60)
    await sell()
    expect(await sell()).toMatchObject({ ok: false, no: { reason: 'instance_taken' } })
    expect(await found()).toMatchObject({ revision: 3 })
  })

  test('met while support was selling: support is asked to try again, and may', async () => {
    const store = desk.authority.store
    const meeting = withStore(desk.authority, {
      async byInstance(channel, name) {
        const before = await store.byInstance(channel, name)
        if (before === null) await status('UNFREEZE')
        return before
      },
    })
    expect(await sell({}, meeting)).toMatchObject({ ok: false, no: { reason: 'contended' } })
    expect(await sell()).toMatchObject({ ok: true })
  })
})

test('a pending license has no code to issue anew', async () => {
  await status('UNFREEZE')
  const reissue = { type: 'reissue', leaked: false } as const
  const refused = await operate(desk.authority, { channel: 'huawei', instance: license }, reissue, {
    who: 'operator',
    reason: null,
  })
  expect(refused).toMatchObject({ ok: false, no: { reason: 'license_pending' } })
})
