import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addChannel, applyCatalog } from '../../src/authority/admin.ts'
import { sellDirectly } from '../../src/authority/operate.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { CATALOG, NOON } from '../support/instance.ts'
import {
  type CodeMarket,
  failing,
  type Instead,
  inDaysText,
  openCodeMarket,
  saying,
} from './activation-kit.ts'
import { DAY } from './desk.ts'

let market: CodeMarket
beforeAll(async () => {
  market = await openCodeMarket()
})
afterAll(() => market.close())

let number = 0
let code: string
beforeEach(() => {
  market.called.splice(0)
  code = `PL-${++number}`
})

const licenseOf = (one: string) => market.authority.store.byInstance('huawei', one)
const alerts = async () =>
  (await market.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 99)).map(({ alert }) => alert)

const DOWN: readonly [string, Instead][] = [
  ['does not answer', failing('timeout')],
  ['cannot be reached', failing('no_connection')],
  ['has a wrong certificate', failing('certificate')],
  ['sends a redirect', failing('redirect')],
  ['sends 100 MB', failing('answer_too_large')],
  ['hangs up', failing('cut_off')],
  ['answers with rubbish', saying('<html>')],
  ['answers with a number', saying(5)],
  ['is out of order', saying({ error_code: 'APIGW.0201' }, 502)],
  ['has an inner error', saying({ error_code: '92020001' })],
  ['throttles', saying({ error_code: 'APIGW.0308' }, 429)],
  [
    'says a status that nobody knows',
    saying({ error_code: '92020000', data: { license_code_info: '{"status":"ODD"}' } }),
  ],
  ['says facts that are no JSON', saying({ error_code: '92020000', data: { license_code_info: '{' } })],
  [
    'says an impossible end',
    saying({
      error_code: '92020000',
      data: { license_code_info: '{"status":"ALIVE","expire_time":"20269999000000"}' },
    }),
  ],
]

describe('a marketplace that', () => {
  test.each(DOWN)('%s is no license, and later there is one', async (_, instead) => {
    market.sells(code)
    market.next(instead)
    expect(await market.activation(code)).toEqual({ type: 'unavailable' })
    expect(await licenseOf(code)).toBeNull()
    expect(await market.activates(code)).toMatchObject({ valid: true })
  })

  test.each(DOWN)('%s when it is asked about the order hides no terms', async (_, instead) => {
    market.sells(code, { orderId: `CS-${code}` })
    market.next(null, instead)
    const first = await market.activation(code)
    expect(['unavailable', 'answer']).toContain(first.type)
    expect(await market.activates(code)).toMatchObject({ valid: true, license: { seats: 5 } })
  })

  test.each(DOWN)('%s is not noticed by a code that was activated here', async (_, instead) => {
    market.sells(code)
    const { text } = await market.activates(code)
    market.called.splice(0)
    market.next(instead)
    market.clock.time += 7_200
    expect(await market.activates(code)).toMatchObject({ valid: true, text, ageSeconds: 7_200 })
    expect(market.called).toEqual([])
    // The answer that nobody fetched.
    await market.activation('PL-NOBODY')
  })
})

/** As `licet license issue --channel … --instance …`. */
async function soldBySupport(instance: string, channel = 'huawei'): Promise<string> {
  const sale = {
    ...{ product: 'cad-pro', edition: 'standard', seats: 1, paidUntil: NOON + 300 * DAY, trial: false },
    ...{ binding: null, instance: { channel, instance }, order: null, customer: null },
  }
  const sold = await sellDirectly(market.authority, sale, { who: 'operator', reason: null })
  if (!sold.ok) throw new Error(sold.no.reason)
  return sold.value.license.id
}

describe('a code that support has sold a license for', () => {
  test.each(DOWN)('is answered while the marketplace %s', async (_, instead) => {
    await soldBySupport(code)
    market.next(instead, instead)
    const answer = await market.activates(code, { fingerprint: 'laptop' })
    expect(market.verdictOf(answer.text!, 'laptop')).toMatchObject({ valid: true })
    expect(answer).toMatchObject({ valid: true, license: { edition: 'standard' }, confirmedAt: null })
    // What the second call did not come to.
    await market.activation('PL-NOBODY')
    await market.activation('PL-NOBODY')
  })

  test('is unknown where the marketplace says so', async () => {
    await soldBySupport(code)
    market.next(saying({ error_code: '92020005' }))
    expect(await market.activation(code)).toEqual({ type: 'unknown_code' })
  })

  test('fetches nothing on a channel that calls no marketplace', async () => {
    const channel = {
      name: 'silent',
      kind: 'huawei',
      timeZone: 'UTC',
      accessKey: 'the-key-of-the-silent-one',
    }
    await addChannel(market.authority, channel)
    await soldBySupport(code, 'silent')
    expect(await market.activation(code, { channel: 'silent' })).toEqual({ type: 'unavailable' })
  })
})

describe('a code that the marketplace refuses', () => {
  test.each([
    ['does not know', saying({ error_code: '92020005' }), { type: 'unknown_code' }],
    ['finds of impossible form', saying({ error_code: '95000001' }, 400), { type: 'unknown_code' }],
    [
      'has sold to somebody who has not claimed it',
      saying({ error_code: '92020004' }),
      { type: 'unclaimed' },
    ],
    ['refuses for a reason nobody knows', saying({ error_code: '92029999' }), { type: 'unavailable' }],
  ])('since it %s is no license', async (_, instead, result) => {
    market.sells(code)
    market.next(instead)
    expect(await market.activation(code)).toEqual(result)
    expect(await licenseOf(code)).toBeNull()
    expect(market.called).toEqual(['activate'])
  })

  test.each([
    'RELEASED',
    'EXPIRED',
  ] as const)('as %s is answered as such, and nothing is kept', async (status) => {
    market.sells(code, { status, activateTime: inDaysText(-9) })
    const reason = status.toLowerCase()
    expect(await market.activates(code)).toMatchObject({
      ...{ valid: false, standing: reason, reason },
      ...{ license: null, text: null, statement: null },
    })
    expect(await licenseOf(code)).toBeNull()
  })

  test('that it says is active and then not is asked about again', async () => {
    market.sells(code)
    market.next(saying({ error_code: '92020003' }))
    expect(await market.activation(code)).toEqual({ type: 'unavailable' })
    expect(await market.activates(code)).toMatchObject({ valid: true })
  })
})

describe('a purchase that no offer sells', () => {
  test('is parked, support is told once, and the code works when there is an offer', async () => {
    market.sells(code, { productId: 'OFFI-NEW', orderId: `CS-${code}` })
    expect(await market.activation(code)).toEqual({ type: 'not_set_up' })
    expect(await market.activation(code)).toEqual({ type: 'not_set_up' })
    expect(market.called).toEqual(['activate', 'query'])
    expect((await alerts()).filter(({ detail }) => detail.order === `CS-${code}`)).toMatchObject([
      { kind: 'parked_order', detail: { marketplaceProduct: 'OFFI-NEW', why: 'no_matching_offer' } },
    ])
    expect(await licenseOf(code)).toMatchObject({ status: 'pending' })
    const offer = {
      channel: 'huawei',
      marketplaceProduct: 'OFFI-NEW',
      product: 'cad-pro',
      edition: 'standard',
      seats: 1,
    }
    const applied = await applyCatalog(market.authority, { ...CATALOG, offers: [...CATALOG.offers, offer] })
    expect(applied.ok).toBe(true)
    market.clock.time += 5
    expect(await market.activates(code, { fingerprint: 'laptop' })).toMatchObject({
      license: { edition: 'standard' },
    })
    const [line] = await market.authority.store.ordersNumbered(`CS-${code}`)
    expect(line).toMatchObject({ state: 'applied' })
    expect(await market.authority.store.parkedCount()).toBe(0)
  })

  test('and that the scheduler applied meanwhile is bound when its software asks', async () => {
    market.sells(code, { productId: 'OFFI-LATE', orderId: `CS-${code}` })
    await market.activation(code)
    const { catalog } = await market.authority.configuration.current(market.clock.now())
    const offer = {
      channel: 'huawei',
      marketplaceProduct: 'OFFI-LATE',
      product: 'cad-pro',
      edition: 'standard',
      seats: 1,
    }
    await applyCatalog(market.authority, { ...catalog, offers: [...catalog.offers, offer] })
    market.clock.time += 5
    await sweep(market.authority)
    expect(await licenseOf(code)).toMatchObject({ status: 'active' })
    market.called.splice(0)
    const { text } = await market.activates(code, { fingerprint: 'laptop' })
    expect(market.verdictOf(text!, 'laptop')).toMatchObject({ valid: true })
    expect(market.verdictOf(text!, 'other')).toMatchObject({ reason: 'wrong_device' })
    expect(await market.activates(code, { fingerprint: 'laptop' })).toMatchObject({ text })
    expect(market.called).toEqual([])
  })

  test('since its quantity is no number of seats waits as well', async () => {
    market.sells(code, { amount: 70_000 })
    expect(await market.activation(code)).toEqual({ type: 'not_set_up' })
  })
})
