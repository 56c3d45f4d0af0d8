import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sweep } from '../../src/authority/sweep.ts'
import { NOON } from '../support/instance.ts'
import { claimsOf, DAY, type Desk, inDays, openDesk, type Reply } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** A fresh license of thirty days with three days of grace. */
let sold: Reply
let orderId: string
beforeEach(async () => {
  desk.clock.time = NOON
  orderId = desk.newOrder()
  sold = await desk.buy({ orderId })
  desk.clock.time += 60
})

const license = () => desk.authority.store.byId(sold.instance)

const end = () => ({ orderId, instanceId: sold.instance })
const expire = () => desk.send(desk.caller.expireLicense(end(), desk.moment()))
const expireElder = () => desk.send(desk.caller.get({ activity: 'expireInstance', ...end() }, desk.moment()))
const release1 = () => desk.send(desk.caller.releaseLicense(end(), desk.moment()))
const release2 = () => desk.send(desk.caller.releaseLicenseCode({ license: sold.instance }, desk.moment()))
const status = (word: string) =>
  desk.send(desk.caller.updateLicenseCodeStatus({ license: sold.instance, status: word }, desk.moment()))
const freeze = () => status('FREEZE')
const unfreeze = () => status('UNFREEZE')
const renew = (days: number) =>
  desk.send(
    desk.caller.refreshLicense(
      { orderId: desk.newOrder(), instanceId: sold.instance, expireTime: inDays(days) },
      desk.moment(),
    ),
  )

const DONE = { code: '000000' }

describe.each([
  ['expireLicense', expire, 'expired'],
  ['expireInstance', expireElder, 'expired'],
  ['FREEZE before the paid end', freeze, 'violation'],
] as const)('%s', (_, call, reason) => {
  test(`freezes as ${reason}; the license stays, its statement says so, no code is issued`, async () => {
    expect(await call()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'frozen', reason, revision: 2 })
    const answer = await desk.ask(sold.license)
    expect(answer).toMatchObject({ valid: false, standing: 'frozen', reason: 'frozen' })
    expect(answer).toMatchObject({ license: { id: sold.instance, revision: 2 } })
    expect(answer.currentCode).toBeUndefined()
    expect(claimsOf(answer)).toMatchObject({ status: 'frozen', rev: 2 })
    expect(await desk.authority.store.newestCode(sold.instance)).toMatchObject({ revision: 1 })
  })

  test('twice changes nothing', async () => {
    await call()
    expect(await call()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'frozen', revision: 2 })
  })
})

test('a FREEZE after the paid end is expired, not a violation', async () => {
  desk.clock.time = NOON + 31 * DAY
  expect(await freeze()).toMatchObject(DONE)
  expect(await license()).toMatchObject({ status: 'frozen', reason: 'expired' })
})

describe('a frozen license', () => {
  test('works again by UNFREEZE, with a new code', async () => {
    await freeze()
    expect(await unfreeze()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'active', revision: 3 })
    expect(desk.verdictOf((await desk.newest(sold.license))!)).toMatchObject({
      valid: true,
      license: { revision: 3 },
    })
  })

  test('as expired works again by a renewal, and the UNFREEZE that follows changes nothing', async () => {
    desk.clock.time = NOON + 34 * DAY
    await expire()
    expect(await renew(60)).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'active', revision: 4 })
    expect(desk.verdictOf((await desk.newest(sold.license))!)).toMatchObject({ valid: true })
    expect(await unfreeze()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'active', revision: 4 })
  })

  test('as expired stays frozen when the renewal came too late to make it work', async () => {
    desk.clock.time = NOON + 40 * DAY
    await expire()
    expect(await renew(35)).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'frozen', revision: 3 })
    expect(await desk.newest(sold.license)).toBeUndefined()
  })

  test('for a violation is renewed but stays frozen, without a code', async () => {
    await freeze()
    expect(await renew(60)).toMatchObject(DONE)
    const paidUntil = NOON + 60 * DAY
    expect(await license()).toMatchObject({ status: 'frozen', reason: 'violation', terms: { paidUntil } })
    expect(await desk.newest(sold.license)).toBeUndefined()
    await unfreeze()
    expect(desk.verdictOf((await desk.newest(sold.license))!)).toMatchObject({ license: { paidUntil } })
  })
})

test('UNFREEZE of an active license changes nothing', async () => {
  expect(await unfreeze()).toMatchObject(DONE)
  expect(await license()).toMatchObject({ status: 'active', revision: 1 })
})

describe.each([
  ['releaseLicense', release1],
  ['releaseLicenseCode', release2],
] as const)('%s', (_, release) => {
  test('ends the license for ever; nothing is revived', async () => {
    expect(await release()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'released', revision: 2 })
    expect(await renew(90)).toMatchObject({ code: '000003' })
    expect(await unfreeze()).toMatchObject({ code: '000003' })
    for (const call of [freeze, expire, release1, release2]) expect(await call()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'released', revision: 2 })
  })

  test('is stated, and hands out no newer code', async () => {
    await renew(60)
    await release()
    const answer = await desk.ask(sold.license)
    expect(answer).toMatchObject({ valid: false, standing: 'released', reason: 'released' })
    expect(answer.currentCode).toBeUndefined()
    expect(claimsOf(answer)).toMatchObject({ status: 'released', rev: 3 })
  })

  test('ends a frozen license too', async () => {
    await freeze()
    expect(await release()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ status: 'released' })
  })
})

test('an unknown status is 000002 and changes nothing', async () => {
  // NORMAL is the word of an elder family.
  expect(await status('NORMAL')).toMatchObject({ code: '000002' })
  expect(await license()).toMatchObject({ revision: 1 })
})

describe('the scheduler', () => {
  test('freezes at works until, not a second earlier', async () => {
    desk.clock.time = NOON + 33 * DAY - 1
    await sweep(desk.authority)
    expect(await license()).toMatchObject({ status: 'active' })
    desk.clock.time += 1
    expect((await sweep(desk.authority)).frozen).toBeGreaterThan(0)
    expect(await license()).toMatchObject({ status: 'frozen', reason: 'expired', revision: 2 })
    const [, frozen] = await desk.authority.store.history(sold.instance)
    expect(frozen).toMatchObject({ by: { who: 'scheduler' } })
  })

  test('comes to nothing after the marketplace, and the other way round', async () => {
    desk.clock.time = NOON + 33 * DAY
    await expire()
    await sweep(desk.authority)
    expect(await license()).toMatchObject({ status: 'frozen', revision: 2 })
    expect(await expire()).toMatchObject(DONE)
    expect(await license()).toMatchObject({ revision: 2 })
  })

  test('forgets marks that have run out, and no others', async () => {
    desk.clock.time += 10 * DAY
    await sweep(desk.authority)
    await expire()
    expect((await sweep(desk.authority)).marks).toBe(0)
    desk.clock.time += 2 * 900 + 61
    expect((await sweep(desk.authority)).marks).toBe(1)
  })
})
