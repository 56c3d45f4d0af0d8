import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accessKeyId } from '../../src/authority/admin.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk, PURCHASE } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** Every test has an order of its own. */
let orderId: string
beforeEach(() => {
  orderId = desk.newOrder()
  desk.clock.time += 1
})

const END = { orderId: 'CS-1001', instanceId: 'nobody-met-it' }
const RENEWAL = { scene: 'RENEWAL', orderId: 'CS-2', orderLineId: 'CS-2-1', license: 'PL1' }
const AUTH_TOKEN_MARK_LIFE = 2 * 900 + 60
const SIGNATURE_MARK_LIFE = 2 * 60 + 60

/** The mark a call left, found by the signature in its query alone. */
function markOf({ url }: HuaweiCall) {
  const query = new URL(url).searchParams
  const authToken = query.get('authToken')
  const signature =
    authToken === null
      ? query.get('signature')!.toLowerCase()
      : Buffer.from(authToken, 'base64').toString('hex')
  return desk.authority.store.mark(accessKeyId(desk.authority.crypto, ACCESS_KEY), signature, null)
}

const refresh = (fields = {}) =>
  desk.caller.refreshLicenseCode({ ...RENEWAL, expireTime: inDays(60), ...fields }, desk.moment())

/** All of a reply but what the log is told: there a repeated call is one. */
const answerIn = ({ told, ...answer }: Awaited<ReturnType<Desk['send']>>) => answer
const answerTo = async (call: HuaweiCall) => answerIn(await desk.send(call))

describe('the same raw request', () => {
  test('gets the stored answer, and changes nothing', async () => {
    const { instance } = await desk.buy({ orderId })
    const renewal = { orderId: desk.newOrder(), instanceId: instance, expireTime: inDays(60) }
    const call = desk.caller.refreshLicense(renewal, desk.moment())
    const first = await desk.send(call)
    const released = desk.caller.releaseLicense({ orderId, instanceId: instance }, desk.moment())
    await desk.send(released)
    // Judged anew, a renewal of a released license would be 000003.
    expect(first).toMatchObject({ code: '000000' })
    expect(await answerTo(call)).toEqual(answerIn(first))
    expect(await desk.authority.store.byId(instance)).toMatchObject({ status: 'released' })
  })

  test('of a refused call gets the refusal again, also when it would succeed by now', async () => {
    const call = desk.caller.getLicense({ ...PURCHASE, orderId, productId: 'OFFI-LATER' }, desk.moment())
    const refused = await desk.send(call)
    expect(refused).toMatchObject({ code: '000005' })
    expect(await answerTo(call)).toEqual(answerIn(refused))
  })

  test('ten times at once is one call', async () => {
    const { instance } = await desk.buy({ orderId })
    const renewal = { orderId: desk.newOrder(), instanceId: instance, expireTime: inDays(60) }
    const call = desk.caller.refreshLicense(renewal, desk.moment())
    const answers = await Promise.all(Array.from({ length: 10 }, () => desk.send(call)))
    expect(answers.map(({ code }) => code)).toEqual(Array(10).fill('000000'))
    expect(await desk.authority.store.byId(instance)).toMatchObject({ revision: 2 })
  })

  test('outside the window is 000002, whatever was answered before', async () => {
    const call = refresh()
    expect(await desk.send(call)).toMatchObject({ code: '000000' })
    desk.clock.time += 61
    expect(await desk.send(call)).toMatchObject({ code: '000002' })
  })
})

describe('a known nonce or signature on another request', () => {
  test('is 000001: the nonce, signed anew over another body', async () => {
    const at = desk.moment()
    await desk.send(desk.caller.refreshLicenseCode({ ...RENEWAL, expireTime: inDays(60) }, at))
    const other = desk.caller.releaseLicenseCode({ license: 'PL1' }, at)
    expect(await desk.send(other)).toMatchObject({ code: '000001', signedBy: ACCESS_KEY })
    expect(await desk.authority.store.byInstance('huawei', 'PL1')).toMatchObject({ status: 'pending' })
    expect(desk.lines.at(-1)).toMatchObject({ level: 'warn', event: 'callback_replayed' })
  })

  test('is 000001: the signature, on a query spelled otherwise', async () => {
    const call = refresh()
    await desk.send(call)
    const respelled = { ...call, url: `${call.url}&contentType=application%2Fjson` }
    expect(await desk.send(respelled)).toMatchObject({ code: '000001' })
  })

  test('is 000001: the authToken, on a query in another order', async () => {
    const call = desk.caller.expireLicense(END, desk.moment())
    await desk.send(call)
    const { origin, pathname, searchParams } = new URL(call.url)
    const turned = new URLSearchParams([...searchParams].reverse())
    const respelled = { ...call, url: `${origin}${pathname}?${turned}` }
    expect(await desk.send(respelled)).toMatchObject({ code: '000001' })
  })

  test('does not spoil the answer of the first', async () => {
    const call = refresh()
    const first = await desk.send(call)
    await desk.send({ ...call, url: `${call.url}&contentType=x` })
    expect(await answerTo(call)).toEqual(answerIn(first))
  })
})

describe('every authentic call leaves a mark', () => {
  const calls: readonly (readonly [string, string, () => HuaweiCall])[] = [
    ['sold', '000000', () => desk.caller.getLicense(PURCHASE, desk.moment())],
    [
      'no offer',
      '000005',
      () => desk.caller.getLicense({ ...PURCHASE, orderId: desk.newOrder(), productId: 'X' }, desk.moment()),
    ],
    ['unknown instance', '000003', () => desk.caller.expireLicense(END, desk.moment())],
    ['no activity', '000002', () => desk.caller.get({ activity: 'dance' }, desk.moment())],
    ['a missing field', '000002', () => desk.caller.get({ activity: 'releaseLicense' }, desk.moment())],
    ['a test', '000000', () => desk.caller.expireLicense({ ...END, testFlag: 1 }, desk.moment())],
    ['a malformed test', '000002', () => desk.caller.expireLicense({ ...END, testFlag: 2 }, desk.moment())],
  ]

  test.each(calls)('by GET, for twice the window and a minute: %s', async (_, code, build) => {
    const call = build()
    expect(await desk.send(call)).toMatchObject({ code })
    const expires = desk.clock.time + AUTH_TOKEN_MARK_LIFE
    expect(await markOf(call)).toMatchObject({ nonce: null, expires })
  })

  const posted: readonly (readonly [string, string, () => HuaweiCall])[] = [
    ['done', '000000', () => refresh()],
    ['a field of a wrong form', '000002', () => refresh({ expireTime: 'tomorrow' })],
    ['a test', '000000', () => refresh({ testFlag: '1' })],
    ['members of no activity', '000002', () => desk.caller.post({ activity: null }, desk.moment())],
  ]

  test.each(posted)('by POST, for twice the window and a minute: %s', async (_, code, build) => {
    const call = build()
    const answer = await desk.send(call)
    expect(answer).toMatchObject({ code })
    const nonce = new URL(call.url).searchParams.get('nonce')
    const expires = desk.clock.time + SIGNATURE_MARK_LIFE
    expect(await markOf(call)).toMatchObject({ nonce, expires, answer: answer.body })
  })

  test('and one that is not authentic leaves none', async () => {
    const call = desk.caller.expireLicense(END, desk.moment())
    const forged = { ...call, url: call.url.replace('nobody-met-it', 'another-one') }
    expect(await desk.send(forged)).toMatchObject({ code: '000001' })
    expect(await markOf(call)).toBeNull()
    desk.clock.time += DAY
    const late = desk.caller.expireLicense(END, { ...desk.moment(), nowMs: desk.clock.nowMs() - 901_000 })
    expect(await desk.send(late)).toMatchObject({ code: '000002' })
    expect(await markOf(late)).toBeNull()
  })
})
