import { expect, test } from 'vitest'
import type { Reply } from '../../../src/authority/marketplace.ts'
import type { Refusal } from '../../../src/domain/refusal.ts'
import {
  ACCESS_KEY,
  caller,
  intentOf,
  keyOf,
  openGet,
  openPost,
  PURCHASE,
  plugin,
  RENEWAL,
} from './fixture.ts'

const sale = intentOf(openGet(PURCHASE))
const demand = intentOf(openPost(RENEWAL))
const codeOf = (reply: Reply, intent: Parameters<typeof plugin.answer>[0] = demand): string =>
  JSON.parse(plugin.answer(intent, reply)).resultCode

test.each<[Reply, string]>([
  [{ type: 'done' }, '000000'],
  [{ type: 'unauthenticated' }, '000001'],
  [{ type: 'malformed' }, '000002'],
  [{ type: 'unknown_instance' }, '000003'],
  [{ type: 'unavailable' }, '000005'],
])('$type is answered %s', (reply, code) => {
  for (const intent of [sale, demand, null]) {
    const body = JSON.parse(plugin.answer(intent, reply))
    expect(Object.keys(body)).toEqual(['resultCode', 'resultMsg'])
    expect(body.resultCode).toBe(code)
    expect(body.resultMsg).toMatch(/^[ -~]{1,255}$/)
  }
})

test('a sale is answered with code, text, license and instance, in the order of the document’s example', () => {
  const body = plugin.answer(sale, {
    type: 'sold',
    instance: '0011223344556677',
    licenseText: 'LC1-AAAAA LK1-BBBBB',
  })
  expect(body).toBe(
    '{"resultCode":"000000","resultMsg":"success.","license":"LC1-AAAAA LK1-BBBBB","instanceId":"0011223344556677"}',
  )
})

test.each<[Refusal, string, string]>([
  [{ reason: 'license_unknown' }, '000003', '000003'],
  [{ reason: 'license_released' }, '000003', '000003'],
  [{ reason: 'license_frozen' }, '000005', '000005'],
  [{ reason: 'license_pending' }, '000005', '000005'],
  [{ reason: 'revisions_exhausted', revision: 65_535 }, '000005', '000005'],
  [{ reason: 'already_ended', paidUntil: 1, now: 2 }, '000005', '000002'],
  [{ reason: 'perpetual_trial' }, '000005', '000002'],
])('a refusal %j is %s to a demand and %s to a sale', (refusal, toDemand, toSale) => {
  expect(codeOf({ type: 'refused', refusal }, demand)).toBe(toDemand)
  expect(codeOf({ type: 'refused', refusal }, sale)).toBe(toSale)
})

test('equal replies are equal bytes', () => {
  expect(plugin.answer(demand, { type: 'done' })).toBe(plugin.answer(demand, { type: 'done' }))
})

test('the headers say JSON and sign exactly the body', () => {
  const body = plugin.answer(null, { type: 'malformed' })
  const headers = plugin.headers(body, keyOf('bbbbbbbb', ACCESS_KEY))
  expect(headers['Content-Type']).toBe('application/json')
  expect(headers['Body-Sign']).toMatch(/^sign_type="HMAC-SHA256", signature= "[0-9A-Za-z+/]{43}="$/)
  expect(caller.bodySignHolds(body, headers['Body-Sign']!)).toBe(true)
  for (const other of [`${body} `, `\t${body}`, body.replace('2', '0'), '']) {
    expect(caller.bodySignHolds(other, headers['Body-Sign']!)).toBe(false)
  }
  expect(caller.bodySignHolds(body, plugin.headers(body, keyOf('x', `${ACCESS_KEY}\n`))['Body-Sign']!)).toBe(
    false,
  )
})

test('a channel without any key answers unsigned', () => {
  expect(plugin.headers('{}', null)).toEqual({ 'Content-Type': 'application/json' })
})
