import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CodeMarket, failing, inDaysText, openCodeMarket } from './activation-kit.ts'
import { claimsOf } from './desk.ts'

let market: CodeMarket
beforeAll(async () => {
  market = await openCodeMarket()
})
afterAll(() => market.close())

let number = 0
let code: string
beforeEach(() => {
  code = `PL-${++number}`
  market.called.splice(0)
})

describe('a code that a call met first', () => {
  test('is joined by its activation, with what the call asked for', async () => {
    await market.renews(code, 400)
    market.sells(code)
    const met = (await market.authority.store.byInstance('huawei', code))!
    const { license } = await market.activates(code)
    expect(license).toMatchObject({ id: met.id, paidUntil: '2027-12-26T12:00:00Z', seats: 5 })
    expect(await market.activates(code)).toMatchObject({ license: { id: met.id } })
  })

  test('and that was frozen is a frozen license: described, and without a text', async () => {
    await market.status(code, 'FREEZE')
    market.sells(code)
    const answer = await market.activates(code, { fingerprint: 'laptop' })
    expect(answer).toMatchObject({ valid: false, standing: 'frozen', reason: 'frozen', text: null })
    expect(claimsOf(answer)).toMatchObject({ status: 'frozen' })
    await market.status(code, 'UNFREEZE')
    const again = await market.activates(code, { fingerprint: 'laptop' })
    expect(market.verdictOf(again.text!, 'laptop')).toMatchObject({ valid: true })
  })

  test('and that was released is released, whatever the marketplace would say', async () => {
    await market.releases(code)
    market.sells(code)
    expect(await market.activates(code)).toMatchObject({
      ...{ valid: false, standing: 'released', reason: 'released', text: null, statement: null },
    })
    expect(market.called).toEqual([])
  })

  test('has no terms while the marketplace is away', async () => {
    await market.renews(code, 60)
    market.next(failing('timeout'))
    expect(await market.activation(code)).toEqual({ type: 'unavailable' })
    expect(await market.authority.store.byInstance('huawei', code)).toMatchObject({ status: 'pending' })
  })
})

describe('after the activation', () => {
  test('callbacks and validation speak of one license', async () => {
    market.sells(code)
    const { text, license } = await market.activates(code)
    const { id } = license!
    expect((await market.renews(code, 60)).code).toBe('000000')
    const renewed = await market.activates(code)
    expect(renewed).toMatchObject({ license: { id, paidUntil: '2027-01-20T12:00:00Z' } })
    expect(await market.ask(text!)).toMatchObject({ valid: true, license: { id }, currentCode: renewed.text })
    await market.status(code, 'FREEZE')
    expect(await market.ask(text!)).toMatchObject({ reason: 'frozen', license: { id } })
    expect(await market.activates(code)).toMatchObject({ reason: 'frozen', text: null, license: { id } })
    await market.status(code, 'UNFREEZE')
    expect(await market.ask(text!)).toMatchObject({ valid: true })
    await market.releases(code)
    expect(await market.ask(text!)).toMatchObject({ reason: 'released' })
    expect(await market.activates(code)).toMatchObject({ reason: 'released', text: null })
    expect(market.called).toEqual(['activate', 'query'])
  })

  test('an end that has come is told, with the text as it is', async () => {
    market.sells(code, { expireTime: inDaysText(-40), activateTime: inDaysText(-90) })
    expect(await market.activates(code)).toMatchObject({ valid: false, reason: 'expired', text: null })
    await market.renews(code, 90)
    const { text } = await market.activates(code)
    expect(market.verdictOf(text!)).toMatchObject({ valid: true })
  })
})
