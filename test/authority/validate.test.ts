import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operate } from '../../src/authority/operate.ts'
import type { Command } from '../../src/domain/commands.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk, type Reply } from './desk.ts'

let desk: Desk
let other: Desk
beforeAll(async () => {
  desk = await openDesk()
  other = await openDesk()
})
afterAll(() => Promise.all([desk.close(), other.close()]))

/** A fresh license of thirty days with three days of grace. */
let sold: Reply
let orderId: string
beforeEach(async () => {
  desk.clock.time = NOON
  orderId = desk.newOrder()
  sold = await desk.buy({ orderId })
})

const ask = () => desk.ask(sold.license)
const operator = (command: Command) =>
  operate(desk.authority, { id: sold.instance }, command, { who: 'operator', reason: null })
const renew = (days: number) =>
  desk.send(
    desk.caller.refreshLicense(
      { orderId: desk.newOrder(), instanceId: sold.instance, expireTime: inDays(days) },
      desk.moment(),
    ),
  )

const NOTHING = { valid: false, standing: null, license: null, statement: null }

describe('the license as it is now', () => {
  test('is described in the words of the catalog', async () => {
    expect(await ask()).toEqual({
      valid: true,
      standing: 'active',
      reason: null,
      license: {
        id: sold.instance,
        product: 'cad-pro',
        edition: 'flagship',
        features: ['render', 'export', 'simulate'],
        seats: 5,
        trial: false,
        revision: 1,
        issuedAt: '2026-11-21T12:00:00Z',
        paidUntil: '2026-12-21T12:00:00Z',
        worksUntil: '2026-12-24T12:00:00Z',
      },
      statement: expect.any(String),
      certificates: expect.any(Array),
    })
  })

  test('is null where it is perpetual or unlimited', async () => {
    const perpetual = await desk.buy({ orderId: desk.newOrder(), expireTime: undefined })
    const { license } = await desk.ask(perpetual.license)
    expect(license).toMatchObject({ paidUntil: null, worksUntil: null })
  })

  test.each([
    ['the last paid second', 30 * DAY - 1, { valid: true, standing: 'active', reason: null }],
    ['the first unpaid second', 30 * DAY, { valid: true, standing: 'grace', reason: null }],
    ['the last second of grace', 33 * DAY - 1, { valid: true, standing: 'grace', reason: null }],
    ['works until', 33 * DAY, { valid: false, standing: 'expired', reason: 'expired' }],
  ])('at %s', async (_, after, verdict) => {
    desk.clock.time = NOON + after
    expect(await ask()).toMatchObject({
      ...verdict,
      license: { id: sold.instance },
      statement: expect.any(String),
    })
  })

  test.each([
    ['frozen', { type: 'freeze', cause: 'operator' }],
    ['released', { type: 'release' }],
  ] as const)('%s is stated, not an error', async (standing, command) => {
    await operator(command)
    expect(await ask()).toMatchObject({
      valid: false,
      standing,
      reason: standing,
      license: { id: sold.instance, revision: 2 },
      statement: expect.any(String),
    })
  })

  test('is told also to the holder of an older revision, with the newest code', async () => {
    await renew(60)
    const answer = await ask()
    expect(answer).toMatchObject({
      valid: true,
      license: { revision: 2, paidUntil: '2027-01-20T12:00:00Z', worksUntil: '2027-01-23T12:00:00Z' },
    })
    expect(desk.verdictOf(answer.currentCode!)).toMatchObject({ valid: true, license: { revision: 2 } })
    // Its holder needs nothing more.
    expect(await desk.ask(answer.currentCode!)).toMatchObject({ valid: true })
    expect(await desk.newest(answer.currentCode!)).toBeUndefined()
  })

  test('is told to whoever holds any of the codes before', async () => {
    await renew(60)
    const second = await desk.newest(sold.license)
    await renew(90)
    const third = await desk.newest(second!)
    expect(await desk.newest(sold.license)).toBe(third)
    expect(desk.verdictOf(third!)).toMatchObject({ license: { revision: 3 } })
  })

  test('frozen after a renewal offers no newer code, reinstated it does', async () => {
    await renew(60)
    await operator({ type: 'freeze', cause: 'operator' })
    expect(await desk.newest(sold.license)).toBeUndefined()
    await operator({ type: 'reinstate' })
    expect(desk.verdictOf((await desk.newest(sold.license))!)).toMatchObject({ license: { revision: 4 } })
  })

  test('changes nothing, however often it is asked for', async () => {
    const before = await desk.authority.store.history(sold.instance)
    for (let time = 0; time < 3; time++) await ask()
    expect(await desk.authority.store.history(sold.instance)).toEqual(before)
  })

  test('to the end of the year 9999 is spelled within it, grace or not', async () => {
    const last = await desk.buy({ orderId: desk.newOrder(), expireTime: '99991231235959' })
    expect(await desk.ask(last.license)).toMatchObject({
      license: { paidUntil: '9999-12-31T23:59:59Z', worksUntil: '9999-12-31T23:59:59Z' },
    })
  })
})

describe('after license reissue', () => {
  test('an older code still gets its successor', async () => {
    await operator({ type: 'reissue', leaked: false })
    expect(await ask()).toMatchObject({ valid: true, license: { revision: 2 } })
    expect(await desk.newest(sold.license)).toBeDefined()
  })

  test('--leaked: the holders of older codes are told superseded, and nothing else', async () => {
    await renew(60)
    const second = (await desk.newest(sold.license))!
    const reissued = await operator({ type: 'reissue', leaked: true })
    for (const text of [sold.license, second]) {
      expect(await desk.ask(text)).toEqual({
        ...NOTHING,
        reason: 'superseded',
        certificates: expect.any(Array),
      })
    }
    const newest = reissued.ok ? reissued.value.text! : ''
    expect(await desk.ask(newest)).toMatchObject({ valid: true, license: { revision: 3 } })
    await renew(90)
    expect(desk.verdictOf((await desk.newest(newest))!)).toMatchObject({ license: { revision: 4 } })
    expect(await ask()).toMatchObject({ reason: 'superseded' })
  })

  test('--leaked and released: the release is the stronger no', async () => {
    await operator({ type: 'reissue', leaked: true })
    await operator({ type: 'release' })
    expect(await ask()).toMatchObject({ standing: 'released', reason: 'released' })
    expect(await desk.newest(sold.license)).toBeUndefined()
  })
})

describe('a text that is not genuine', () => {
  const mistyped = () => sold.license.replace(/[0-9A-Z](?= LK1)/, (symbol) => (symbol === '7' ? '8' : '7'))

  test.each([
    ['nothing', () => '', 'malformed'],
    ['chatter', () => 'hello', 'malformed'],
    ['two codes', () => `${sold.license} ${sold.license}`, 'malformed'],
    ['over 8 KiB', () => sold.license + ' '.repeat(8_192), 'malformed'],
    ['a typing error', mistyped, 'mistyped'],
    ['no certificate', () => sold.license.split(' ')[0]!, 'unknown_key'],
  ])('(%s) is answered without license and statement', async (_, text, reason) => {
    expect(await desk.ask(text())).toEqual({ ...NOTHING, reason, certificates: expect.any(Array) })
  })

  test('of another server is of an unknown key', async () => {
    const foreign = await other.buy()
    expect(other.verdictOf(foreign.license)).toMatchObject({ valid: true })
    expect(await desk.ask(foreign.license)).toMatchObject({ ...NOTHING, reason: 'unknown_key' })
  })

  test('but pasted badly is', async () => {
    const pasted = `\u3000${sold.license.toLowerCase().replaceAll('-', '\u2013\n')}`
    expect(await desk.ask(pasted)).toMatchObject({ valid: true, license: { id: sold.instance } })
  })
})

test('genuine and issued, but gone from this server, is unknown', async () => {
  const { store } = desk.authority
  const presented = async () => ({ issued: true, license: null })
  const gone = { ...desk.authority, store: { ...store, presented } }
  const { validate } = await import('../../src/authority/validate.ts')
  const snapshot = await desk.authority.configuration.current(desk.clock.now())
  const request = { text: sold.license, fingerprint: null, nonce: null }
  expect(await validate(gone, snapshot, request)).toEqual({ type: 'license_unknown' })
})
