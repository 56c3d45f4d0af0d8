import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CodeMarket, openCodeMarket, orderOfCode, saying } from './activation-kit.ts'
import { claimsOf } from './desk.ts'

let market: CodeMarket
beforeAll(async () => {
  market = await openCodeMarket()
})
afterAll(() => market.close())

const calls = () => market.called.splice(0)
const licenseOf = (code: string) => market.authority.store.byInstance('huawei', code)

describe('a code that the marketplace made', () => {
  test('becomes a license that the software verifies offline', async () => {
    market.sells('PL1')
    const answer = await market.activates('PL1')
    expect(answer).toMatchObject({ valid: true, standing: 'active', reason: null, ageSeconds: 0 })
    expect(answer.license).toMatchObject({ product: 'cad-pro', edition: 'flagship', seats: 5, trial: false })
    expect(market.verdictOf(answer.text!)).toMatchObject({ valid: true, standing: 'active' })
    expect(claimsOf(answer)).toMatchObject({ status: 'active', sub: answer.license!.id })
    expect(market.codes.get('PL1')!.activateTime).not.toBeNull()
    expect(calls()).toEqual(['activate', 'query'])
  })

  test('gives the same license for ever, without asking the marketplace again', async () => {
    market.sells('PL2')
    const first = await market.activates('PL2', { fingerprint: 'laptop' })
    calls()
    for (let n = 0; n < 50; n++)
      expect(await market.activates('PL2', { fingerprint: 'laptop' })).toEqual(first)
    expect(calls()).toEqual([])
    market.clock.time += 90
    expect(await market.activates('PL2', { fingerprint: 'laptop' })).toMatchObject({ ageSeconds: 90 })
  })

  test('is one license however many activate it at once', async () => {
    market.sells('PL3')
    const all = await Promise.all(Array.from({ length: 8 }, () => market.activates('PL3')))
    expect(new Set(all.map(({ text }) => text)).size).toBe(1)
    expect(calls()).toEqual(['activate', 'query'])
  })

  test('is one license when two processes activate it at once', async () => {
    market.sells('PL4', { orderId: 'CS-4' })
    const other = await market.reopen()
    const both = await Promise.all([
      market.activation('PL4'),
      market.activation('PL4', {}, other.authority),
    ]).finally(() => other.close())
    const texts = both.map((one) => (one.type === 'answer' ? one.answer.text : one.type))
    expect(texts[0]).toMatch(/^LC1-/)
    expect(texts[1]).toBe(texts[0])
    const [line] = await market.authority.store.ordersNumbered('CS-4')
    expect(line?.license).toBe((await licenseOf('PL4'))!.id)
  })

  test('is found by its order, and several codes of one order are several licenses', async () => {
    market.sells('PL5', { orderId: 'CS-5' })
    market.sells('PL6', { orderId: 'CS-5' })
    const ids = [await market.activates('PL5'), await market.activates('PL6')].map(
      ({ license }) => license!.id,
    )
    const lines = await market.authority.store.ordersNumbered('CS-5')
    expect(lines).toMatchObject([
      { order: { line: 'PL5' }, state: 'applied', license: ids[0], learnt: { quantity: '5' } },
      { order: { line: 'PL6' }, state: 'applied', license: ids[1] },
    ])
    expect(new Set(ids).size).toBe(2)
  })

  test('whose activation was answered to nobody is activated all the same', async () => {
    market.sells('PL7', { activateTime: '20261120000000' })
    calls()
    expect(await market.activates('PL7')).toMatchObject({ valid: true })
    expect(calls()).toEqual(['activate', 'heartbeat', 'query'])
  })

  test.each([
    ['says nothing of itself', 'PL8', {}],
    ['leaves its facts to the query', 'PL8B', { data: { license_code_info: '{"status":"ALIVE"}' } }],
  ])('that %s is asked about', async (_, code, more) => {
    market.sells(code, { activateTime: '20261120000000' })
    market.next(saying({ error_code: '92020000', error_msg: 'success', ...more }))
    calls()
    expect(await market.activates(code)).toMatchObject({ license: { seats: 5 } })
  })

  test('is one license where the marketplace takes small letters for the same', async () => {
    const code = JSON.stringify({ status: 'ALIVE', product_id: 'OFFI-GOLD', order_id: 'CS-PL', amount: 5 })
    const named = saying({ error_code: '92020000', data: { ...JSON.parse(code), license_code: 'PL40' } })
    market.sells('PL40')
    market.next(saying({ error_code: '92020000', data: { license_code_info: code } }), named)
    expect(await market.activation('pl40')).toEqual({ type: 'unknown_code' })
    expect(await market.activates('PL40')).toMatchObject({ valid: true })
    market.next(saying({ error_code: '92020003' }), named)
    expect(await market.activation('pl40')).toEqual({ type: 'unknown_code' })
    expect(await licenseOf('pl40')).toBeNull()
  })

  test('of small letters that the marketplace calls so is a license', async () => {
    market.sells('PLabc')
    expect(await market.activates('PLabc')).toMatchObject({ valid: true })
  })

  test('of a trial order is a trial', async () => {
    market.sells('PL-TRIAL', { orderId: 'CS-T' }, orderOfCode('CS-T', 'TRIAL'))
    expect((await market.activates('PL-TRIAL')).license).toMatchObject({ trial: true })
  })

  test('that was renewed before it was activated is no renewal', async () => {
    market.sells('PL-R', { orderId: 'CS-RR' }, orderOfCode('CS-RR', 'RENEW'))
    expect((await market.activates('PL-R')).license).toMatchObject({ trial: false, seats: 5 })
  })

  test('without an end takes that of its order, and is perpetual only where the order says so', async () => {
    const once = { chargingMode: 'ONE_TIME' }
    market.sells('PL-ONCE', { orderId: 'CS-O', expireTime: null }, orderOfCode('CS-O', 'NEW', once))
    expect((await market.activates('PL-ONCE')).license).toMatchObject({ paidUntil: null })
    const year = { periodType: 'year', periodNumber: 1 }
    market.sells('PL-YEAR', { orderId: 'CS-Y', expireTime: null }, orderOfCode('CS-Y', 'NEW', year))
    expect((await market.activates('PL-YEAR')).license!.paidUntil).toBe('2027-11-21T12:00:00Z')
    market.sells('PL-NEVER', { orderId: 'CS-N', expireTime: null })
    expect(await market.activation('PL-NEVER')).toEqual({ type: 'unavailable' })
    market.codes.set('PL-LOST', {
      ...market.codes.get('PL-NEVER')!,
      orderId: 'CS-NOBODY',
      activateTime: null,
    })
    expect(await market.activation('PL-LOST')).toEqual({ type: 'unavailable' })
    expect(await licenseOf('PL-NEVER')).toBeNull()
  })

  test('does with what it tells itself where its order is not given out', async () => {
    market.sells('PL9', { orderId: 'CS-9' })
    market.orders.delete('CS-9')
    expect(await market.activates('PL9')).toMatchObject({ license: { seats: 5, trial: false } })
  })

  test('keeps the buyer sealed beside the license', async () => {
    market.sells('PL10')
    const { license } = await market.activates('PL10')
    const sealed = await market.authority.store.customer(license!.id)
    expect(sealed).not.toBeNull()
    expect(sealed).not.toContain('张三')
  })
})

const ONE_SEAT = { productInfo: [{ productId: 'OFFI-GOLD', linearValue: 1 }] }

describe('a device', () => {
  test('that takes the one seat is bound with the license, and no other gets it', async () => {
    market.sells('PL20', { amount: 1 }, orderOfCode('CS-PL', 'NEW', ONE_SEAT))
    const { text } = await market.activates('PL20', { fingerprint: 'laptop' })
    expect(market.verdictOf(text!, 'laptop')).toMatchObject({ valid: true })
    expect(market.verdictOf(text!)).toMatchObject({ reason: 'wrong_device' })
    for (const fingerprint of ['other', null])
      expect(await market.activates('PL20', { fingerprint })).toMatchObject({
        ...{ valid: false, standing: null, reason: 'wrong_device' },
        ...{ license: null, text: null, statement: null },
      })
  })

  test('that comes second to the one seat of no device is named in the statement alone', async () => {
    market.sells('PL21', { amount: 1 }, orderOfCode('CS-PL', 'NEW', ONE_SEAT))
    const { text } = await market.activates('PL21')
    const again = await market.activates('PL21', { fingerprint: 'laptop' })
    expect(again.text).toBe(text)
    expect(claimsOf(again)).toMatchObject({ device: expect.any(String) })
  })
})

describe('devices of a license with five seats', () => {
  test('each have a text of their own, the same again for the same device', async () => {
    market.sells('PL22')
    const texts: string[] = []
    for (let n = 0; n < 5; n++) {
      const { text, license } = await market.activates('PL22', { fingerprint: `device-${n}` })
      expect(market.verdictOf(text!, `device-${n}`)).toMatchObject({ valid: true })
      expect(market.verdictOf(text!, 'another')).toMatchObject({ reason: 'wrong_device' })
      expect(license).toMatchObject({ seats: 5 })
      expect((await market.activates('PL22', { fingerprint: `device-${n}` })).text).toBe(text)
      texts.push(text!)
    }
    expect(new Set(texts).size).toBe(5)
  })

  test('are no more than the seats', async () => {
    market.sells('PL23')
    for (let n = 0; n < 5; n++) await market.activates('PL23', { fingerprint: `device-${n}` })
    expect(await market.activates('PL23', { fingerprint: 'device-5' })).toMatchObject({
      ...{ valid: false, reason: 'wrong_device', license: null, text: null, statement: null },
    })
  })

  test('are no more than the seats when all come at once', async () => {
    market.sells('PL24')
    const all = Array.from({ length: 12 }, (_, n) => market.activates('PL24', { fingerprint: `device-${n}` }))
    const valid = (await Promise.all(all)).filter((one) => one.valid)
    expect(valid).toHaveLength(5)
  })

  test('get the next text after a renewal, each for itself', async () => {
    market.sells('PL25')
    const first = await market.activates('PL25', { fingerprint: 'laptop' })
    await market.renews('PL25', 60)
    const next = await market.activates('PL25', { fingerprint: 'laptop' })
    expect(next.text).not.toBe(first.text)
    expect(next.license!.revision).toBe(first.license!.revision + 1)
    expect(market.verdictOf(next.text!, 'laptop')).toMatchObject({ valid: true })
    expect(market.verdictOf(next.text!)).toMatchObject({ reason: 'wrong_device' })
  })

  test('have none while the license is frozen', async () => {
    market.sells('PL26')
    await market.activates('PL26', { fingerprint: 'laptop' })
    await market.status('PL26', 'FREEZE')
    expect(await market.activates('PL26', { fingerprint: 'laptop' })).toMatchObject({
      ...{ valid: false, reason: 'frozen', text: null },
    })
  })
})

describe('the channel', () => {
  test('follows from the one that is called, or from a code that is known', async () => {
    market.sells('PL30')
    expect(await market.activation('PL30', { channel: 'nobody' })).toEqual({ type: 'unknown_channel' })
    expect(await market.activates('PL30', { channel: 'huawei' })).toMatchObject({ valid: true })
    expect(await market.activates('PL30')).toMatchObject({ valid: true })
  })
})

describe('what is no code of the marketplace', () => {
  test('gets nothing, also where it names a license of ours', async () => {
    const { license } = await market.ask((await market.buy()).license)
    calls()
    for (const code of [license!.id, 'PL-NOBODY']) {
      expect(await market.activation(code)).toEqual({ type: 'unknown_code' })
      expect(await market.activation(code, { channel: 'huawei' })).toEqual({ type: 'unknown_code' })
    }
    expect(calls()).toEqual(['activate', 'activate'])
  })
})
