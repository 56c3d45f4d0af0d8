import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { issueCode } from '../../src/authority/issue.ts'
import { operate } from '../../src/authority/operate.ts'
import { validate } from '../../src/authority/validate.ts'
import { NOON } from '../support/instance.ts'
import { type Applying, applyingAt, inDaysUtc, newEvent } from './applying.ts'
import { claimsOf, DAY, inDays, withStore } from './desk.ts'
import { lineOf, type Market, openMarket, orderOf } from './market.ts'

const OPERATOR = { who: 'operator', reason: null }

let market: Market
let desk: Applying
beforeAll(async () => {
  market = await openMarket()
  desk = applyingAt(market)
})
afterAll(() => market.close())

let instance: string
let text: string
beforeEach(async () => {
  market.clock.time = NOON
  instance = await opened(2)
  text = await textFor('laptop')
})

async function opened(seats: number): Promise<string> {
  const order = market.newOrder()
  const { instance: id } = await market.opens(order, orderOf(order, { product: { linearValue: seats } }))
  await market.learn()
  return id
}

async function textFor(deviceFingerprint: string, expireTime = inDaysUtc(30)): Promise<string> {
  const event = newEvent()
  await desk.apply(instance, { eventId: event, deviceFingerprint, expireTime })
  await market.learn()
  return desk.uploaded(event)
}

const renew = (days: number) =>
  market.send(
    market.caller.refreshInstance(
      { ...lineOf(market.newOrder()), scene: 'RENEWAL', instanceId: instance, expireTime: inDays(days) },
      market.moment(),
    ),
  )
const status = (to: string) =>
  market.send(market.caller.updateInstanceStatus({ instanceId: instance, status: to }, market.moment()))
const ask = (sent: string, fingerprint: string | null = 'laptop') => market.ask(sent, { fingerprint })

describe('a code made for a device', () => {
  test('is known as issued, and described as its license is', async () => {
    const answer = await ask(text)
    expect(answer).toMatchObject({
      valid: true,
      standing: 'active',
      reason: null,
      license: { id: instance, seats: 2 },
    })
    expect(claimsOf(answer)).toMatchObject({ sub: instance, device: expect.any(String) })
    expect(answer.currentCode).toBeUndefined()
  })

  test('is known as issued after a restart', async () => {
    const again = await market.reopen()
    const snapshot = await again.authority.configuration.current(NOON)
    const wish = { text, fingerprint: 'laptop', nonce: null }
    expect(await validate(again.authority, snapshot, wish)).toMatchObject({ answer: { valid: true } })
    await again.close()
  })

  test.each([null, 'desktop'])('sent from %j is wrong_device, and gets nothing', async (fingerprint) => {
    await renew(60)
    expect(await ask(text, fingerprint)).toEqual({
      valid: false,
      standing: null,
      reason: 'wrong_device',
      license: null,
      statement: null,
      certificates: expect.any(Array),
    })
  })

  test('is one of several: each is known, and the code of one says nothing of the other', async () => {
    const other = await textFor('desktop')
    expect(await ask(text)).toMatchObject({ valid: true })
    expect(await ask(other, 'desktop')).toMatchObject({ valid: true })
    expect(await ask(other)).toMatchObject({ reason: 'wrong_device' })
    expect((await ask(text)).currentCode).toBeUndefined()
  })

  test('that this server never made is not_issued', async () => {
    const { keyring } = await market.authority.configuration.current(NOON)
    const license = await market.authority.store.byId(instance)
    if (license?.status !== 'active') throw new Error('not active')
    const terms = { ...license.terms, seats: 99, binding: BINDING }
    const forged = await issueCode(market.authority, keyring, { license: instance, revision: 2, terms }, NOON)
    expect(await ask(forged.ok ? forged.value.text : '')).toMatchObject({ reason: 'not_issued' })
  })
})

/** First ten bytes of SHA-256("LC1 bind" 0x00 "laptop"), from a shell: printf 'LC1 bind\0laptop' | sha256sum. */
const BINDING = '0fe6e65775d490f8a877'

describe('after a change of the license its device', () => {
  test('is handed the next code, good on it alone; the same one however often it asks', async () => {
    await renew(60)
    const { currentCode, valid } = await ask(text)
    expect(valid).toBe(true)
    expect(market.verdictOf(currentCode!, 'laptop')).toMatchObject({
      valid: true,
      license: { bound: true, revision: 3, paidUntil: NOON + 60 * DAY },
    })
    expect(market.verdictOf(currentCode!, 'desktop')).toMatchObject({ reason: 'wrong_device' })
    market.clock.time += 5
    for (let n = 0; n < 5; n++) expect((await ask(text)).currentCode).toBe(currentCode)
    expect(await ask(currentCode!)).toMatchObject({ valid: true })
    expect((await ask(currentCode!)).currentCode).toBeUndefined()
  })

  test('never gets the code of another device, nor the one for any', async () => {
    const other = await textFor('desktop')
    await renew(60)
    await ask(other, 'desktop')
    const { currentCode } = await ask(text)
    for (const fingerprint of [undefined, 'desktop'])
      expect(market.verdictOf(currentCode!, fingerprint)).toMatchObject({ reason: 'wrong_device' })
  })

  test('gets what an upgrade brought', async () => {
    const order = market.newOrder()
    market.orders.set(order, orderOf(order, { type: 'CHANGE', product: { linearValue: 7 } }))
    await market.send(
      market.caller.upgradeInstance({ ...lineOf(order), instanceId: instance }, market.moment()),
    )
    await market.learn()
    const { currentCode } = await ask(text)
    expect(market.verdictOf(currentCode!, 'laptop')).toMatchObject({ license: { seats: 7 } })
  })

  test('gets none while it is frozen, and a new one once it is reinstated', async () => {
    await status('FREEZE')
    expect(await ask(text)).toMatchObject({ valid: false, reason: 'frozen' })
    expect((await ask(text)).currentCode).toBeUndefined()
    await status('UNFREEZE')
    const { currentCode } = await ask(text)
    expect(market.verdictOf(currentCode!, 'laptop')).toMatchObject({ valid: true, license: { revision: 4 } })
  })

  test('gets none once it is released', async () => {
    await market.send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
    const answer = await ask(text)
    expect(answer).toMatchObject({ valid: false, reason: 'released' })
    expect(answer.currentCode).toBeUndefined()
  })

  test('is shut out when the codes so far have leaked', async () => {
    await operate(market.authority, { id: instance }, { type: 'reissue', leaked: true }, OPERATOR)
    const answer = await ask(text)
    expect(answer).toMatchObject({ valid: false, reason: 'superseded' })
    expect(answer.currentCode).toBeUndefined()
    expect(await ask(await textFor('laptop'))).toMatchObject({ valid: true })
  })

  test('applies anew at another event, and its code is as new as the license', async () => {
    await renew(60)
    const next = await textFor('laptop', inDaysUtc(60))
    expect(market.verdictOf(next, 'laptop')).toMatchObject({ license: { revision: 3 } })
    expect((await ask(text)).currentCode).toBe(next)
  })

  test('of two processes that are asked at once, gets one code', async () => {
    await renew(60)
    const second = await market.reopen()
    const wish = { text, fingerprint: 'laptop', nonce: null }
    const answers = await Promise.all(
      [market.authority, second.authority].map(async (authority) =>
        validate(authority, await authority.configuration.current(NOON), wish),
      ),
    )
    const codes = answers.map((one) => one.type === 'answer' && one.answer.currentCode)
    expect(codes[0]).toEqual(expect.any(String))
    expect(codes[1]).toBe(codes[0])
    await second.close()
  })

  test('learns how its license is also when no code can be stored', async () => {
    await renew(60)
    const authority = withStore(market.authority, { commit: async () => 'conflict' })
    const snapshot = await authority.configuration.current(NOON)
    const answer = await validate(authority, snapshot, { text, fingerprint: 'laptop', nonce: null })
    expect(answer).toMatchObject({ answer: { valid: true } })
    expect(answer.type === 'answer' && answer.answer.currentCode).toBeUndefined()
  })
})

describe('a text for any device', () => {
  test('of a license that support has bound is for that device alone', async () => {
    const binding = BINDING
    await operate(market.authority, { id: instance }, { type: 'reissue', leaked: false, binding }, OPERATOR)
    await desk.apply(instance, { eventId: 'EV-ANY', deviceFingerprint: undefined })
    await market.learn()
    const bound = desk.uploaded('EV-ANY')
    expect(market.verdictOf(bound)).toMatchObject({ reason: 'wrong_device' })
    expect(market.verdictOf(bound, 'laptop')).toMatchObject({ valid: true })
  })
})

describe('a device whose code has run out', () => {
  beforeEach(async () => {
    await renew(60)
    market.clock.time = NOON + 33 * DAY
  })

  test('is handed the next one while there is a seat for it', async () => {
    const { currentCode } = await ask(text)
    expect(market.verdictOf(currentCode!, 'laptop')).toMatchObject({ valid: true })
    expect(await market.authority.store.places(instance, null, market.clock.time)).toMatchObject({
      others: 1,
    })
  })

  test('is superseded when others have taken all seats since', async () => {
    const others = [await textFor('b', inDaysUtc(60)), await textFor('c', inDaysUtc(60))]
    expect(await ask(text)).toMatchObject({ valid: false, reason: 'superseded', statement: null })
    expect((await ask(text)).currentCode).toBeUndefined()
    expect(await ask(others[0]!, 'b')).toMatchObject({ valid: true })
    expect(await ask(others[1]!, 'c')).toMatchObject({ valid: true })
  })

  test('that renewed in time keeps its seat', async () => {
    market.clock.time = NOON
    await ask(text)
    market.clock.time = NOON + 33 * DAY
    await textFor('b', inDaysUtc(60))
    expect(await desk.apply(instance, { eventId: newEvent(), deviceFingerprint: 'c' })).toMatchObject({
      code: '000901',
    })
    const wish = { eventId: newEvent(), deviceFingerprint: 'c', expireTime: inDaysUtc(60) }
    expect(await desk.apply(instance, wish)).toMatchObject({ code: '000900' })
    expect(await ask(text)).toMatchObject({ valid: true })
  })
})
