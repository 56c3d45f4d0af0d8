import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import { CATALOG, NOON } from '../support/instance.ts'
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

let instance: string
beforeEach(async () => {
  market.clock.time = NOON
  market.far.refuses = null
  instance = (await market.opens()).instance
  await market.learn()
})

const status = (to: string) =>
  market.send(market.caller.updateInstanceStatus({ instanceId: instance, status: to }, market.moment()))

/** The instance of an order without an end. */
async function openPerpetual(): Promise<string> {
  const order = market.newOrder()
  const line = { chargingMode: 'ONE_TIME', expireTime: undefined }
  const opened = await market.opens(order, orderOf(order, { line }))
  await market.learn()
  return opened.instance
}

describe('an application', () => {
  test('is answered at once and brings a text to its event that is good on its device alone, offline', async () => {
    const reply = await desk.apply(instance, { eventId: 'EV/1 号' })
    expect(JSON.parse(reply.body)).toEqual({ resultCode: '000000', resultMsg: 'success.' })
    expect(market.uploads).toEqual([])
    await market.learn()
    const text = desk.uploaded('EV/1 号')
    expect(market.verdictOf(text, 'laptop')).toMatchObject({
      valid: true,
      license: { id: instance, edition: 2, seats: 5, bound: true, paidUntil: NOON + 30 * DAY, revision: 2 },
    })
    for (const other of [undefined, 'desktop', 'Laptop'])
      expect(market.verdictOf(text, other)).toMatchObject({ valid: false, reason: 'wrong_device' })
  })

  test('leaves the license and its own code as they were', async () => {
    const before = await market.authority.store.byId(instance)
    const history = await market.authority.store.history(instance)
    await desk.apply(instance, { eventId: newEvent() })
    expect(await market.authority.store.byId(instance)).toEqual(before)
    expect(await market.authority.store.history(instance)).toEqual(history)
  })

  test('without a device brings a text for any', async () => {
    const event = newEvent()
    expect(await desk.apply(instance, { eventId: event, deviceFingerprint: undefined })).toMatchObject({
      code: '000000',
    })
    await market.learn()
    expect(market.verdictOf(desk.uploaded(event))).toMatchObject({ valid: true, license: { bound: false } })
    expect(await market.ask(desk.uploaded(event))).toMatchObject({ valid: true })
  })

  test('that ends before the license gets a code that does', async () => {
    const event = newEvent()
    await desk.apply(instance, { eventId: event, expireTime: inDaysUtc(7) })
    await market.learn()
    expect(market.verdictOf(desk.uploaded(event), 'laptop')).toMatchObject({
      license: { paidUntil: NOON + 7 * DAY },
    })
  })

  test('of a perpetual license needs no end, and may have one', async () => {
    const perpetual = await openPerpetual()
    const [event, ending] = [newEvent(), newEvent()]
    expect(await desk.apply(perpetual, { eventId: event, expireTime: undefined })).toMatchObject({
      code: '000000',
    })
    expect(await desk.apply(perpetual, { eventId: ending, expireTime: inDaysUtc(900) })).toMatchObject({
      code: '000000',
    })
    await market.learn()
    expect(market.verdictOf(desk.uploaded(event), 'laptop')).toMatchObject({ license: { paidUntil: null } })
    expect(market.verdictOf(desk.uploaded(ending), 'laptop')).toMatchObject({
      license: { paidUntil: NOON + 900 * DAY },
    })
  })

  test('as a test call is 000000 whatever it names, and changes nothing', async () => {
    for (const instanceId of [instance, 'nobody'])
      expect(await desk.apply(instanceId, { eventId: 'EV-TEST', testFlag: '1' })).toMatchObject({
        code: '000000',
      })
    await market.learn()
    expect(await market.authority.store.applicationsOf(instance)).toEqual([])
    expect(market.uploads.filter(({ event }) => event === 'EV-TEST')).toEqual([])
  })
})

describe('the same event and device', () => {
  test('fifty times get equal bytes, one code and one upload', async () => {
    const event = newEvent()
    const first = await desk.apply(instance, { eventId: event })
    const [made] = await market.authority.store.applicationsOf(instance)
    for (let n = 0; n < 49; n++) {
      market.clock.time += n % 7
      // Whatever else it says: the first application stands.
      const changed = n % 2 === 0 ? {} : { expireTime: inDaysUtc(n % 30 || 1) }
      expect((await desk.apply(instance, { eventId: event, ...changed })).body).toBe(first.body)
      if (n % 10 === 0) await market.learn()
    }
    expect(await market.authority.store.applicationsOf(instance)).toEqual([made])
    expect(market.uploads.filter((one) => one.event === event)).toHaveLength(1)
  })

  test('keep their answer when the license is frozen or released since', async () => {
    const event = newEvent()
    const { body } = await desk.apply(instance, { eventId: event })
    await status('FREEZE')
    expect((await desk.apply(instance, { eventId: event })).body).toBe(body)
    await market.send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    expect((await desk.apply(instance, { eventId: event })).body).toBe(body)
  })

  test('from two processes at once are one code', async () => {
    const event = newEvent()
    const second = await market.reopen()
    const [mine, theirs] = [market.moment(), market.moment()]
    const call = (at: typeof mine) =>
      market.caller.getLicenseAsync(
        {
          instanceId: instance,
          eventId: event,
          effectiveTime: inDaysUtc(0),
          expireTime: inDaysUtc(9),
          deviceFingerprint: 'laptop',
        },
        at,
      )
    const replies = await Promise.all([market.send(call(mine)), market.send(call(theirs), second.authority)])
    expect(replies.map(({ code }) => code)).toEqual(['000000', '000000'])
    await market.learn()
    expect(market.uploads.filter((one) => one.event === event)).toHaveLength(1)
    expect(await market.authority.store.places(instance, null, NOON)).toEqual({
      others: 1,
      elder: 0,
      isHeld: false,
      next: 2,
    })
    await second.close()
  })

  test('asked for again revive an upload that was given up', async () => {
    const event = newEvent()
    market.far.refuses = '91381038'
    await desk.apply(instance, { eventId: event })
    await market.learn()
    const [made] = await market.authority.store.applicationsOf(instance)
    const call = () => market.authority.store.outgoingCall(made?.state === 'made' ? made.upload : '')
    expect(await call()).toMatchObject({ state: 'dead', error: '91381038' })
    market.far.refuses = null
    await desk.apply(instance, { eventId: event })
    await market.learn()
    expect(await call()).toMatchObject({ state: 'done' })
    expect(market.verdictOf(desk.uploaded(event), 'laptop')).toMatchObject({ valid: true })
  })
})

describe('the code tells why there is no text:', () => {
  test.each<[string, string, object]>([
    ['000003', 'an instance that nobody knows', { instanceId: 'nobody' }],
    ['000902', 'no end, of a license that has one', { expireTime: undefined }],
    ['000901', 'an end a day after that of the license', { expireTime: inDaysUtc(31.00002) }],
    [
      '000901',
      'a beginning after the end of the license',
      {
        effectiveTime: inDaysUtc(30),
        expireTime: inDaysUtc(30.5),
      },
    ],
    ['000901', 'an end that has come', { effectiveTime: inDaysUtc(-9), expireTime: inDaysUtc(0) }],
    ['000002', 'an event that is no name', { eventId: '..' }],
  ])('%s, %s', async (code, _, fields) => {
    const before = market.uploads.length
    expect(await desk.apply(instance, { eventId: newEvent(), ...fields })).toMatchObject({ code })
    expect(await market.authority.store.applicationsOf(instance)).toEqual([])
    await market.learn()
    expect(market.uploads).toHaveLength(before)
  })

  test('an end within a day after that of the license is cut to it', async () => {
    const event = newEvent()
    expect(await desk.apply(instance, { eventId: event, expireTime: inDaysUtc(31) })).toMatchObject({
      code: '000000',
    })
    await market.learn()
    expect(market.verdictOf(desk.uploaded(event), 'laptop')).toMatchObject({
      license: { paidUntil: NOON + 30 * DAY },
    })
  })

  test('000901 in the grace after the paid term, although the software works', async () => {
    market.clock.time = NOON + 30 * DAY
    const wish = { effectiveTime: inDaysUtc(0), expireTime: inDaysUtc(30.5) }
    expect(await desk.apply(instance, { eventId: newEvent(), ...wish })).toMatchObject({ code: '000901' })
  })

  test('000005 while it is frozen for a violation, and then it is made', async () => {
    const event = newEvent()
    await status('FREEZE')
    expect(await desk.apply(instance, { eventId: event })).toMatchObject({ code: '000005' })
    await status('UNFREEZE')
    expect(await desk.apply(instance, { eventId: event })).toMatchObject({ code: '000000' })
  })

  test('000901 when it is frozen as expired', async () => {
    market.clock.time = NOON + 34 * DAY
    await status('FREEZE')
    expect(await desk.apply(instance, { eventId: newEvent() })).toMatchObject({ code: '000901' })
  })

  test('000003 when it is released', async () => {
    await market.send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    expect(await desk.apply(instance, { eventId: newEvent() })).toMatchObject({ code: '000003' })
  })

  test('000903 without a device where the product wants one', async () => {
    const products = CATALOG.products.map((product) => ({ ...product, needsDevice: true as const }))
    expect(await applyCatalog(market.authority, { ...CATALOG, products })).toMatchObject({ ok: true })
    market.authority.configuration.forget()
    const event = newEvent()
    const unbound = { eventId: event, deviceFingerprint: undefined }
    expect(await desk.apply(instance, unbound)).toMatchObject({ code: '000903' })
    expect(await desk.apply(instance, { eventId: event })).toMatchObject({ code: '000000' })
    expect(await applyCatalog(market.authority, CATALOG)).toMatchObject({ ok: true })
    market.authority.configuration.forget()
    expect(await desk.apply(instance, unbound)).toMatchObject({ code: '000000' })
  })
})
