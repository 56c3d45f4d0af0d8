import { describe, expect, test } from 'vitest'
import type { OutgoingCall } from '../../../src/authority/outgoing/port.ts'
import { utf8 } from '../../../src/format/bytes.ts'
import { readZone } from '../../../src/marketplace/huawei/date.ts'
import { readAnswer } from '../../../src/marketplace/huawei/open-api/answers.ts'

const answer = (call: OutgoingCall, body: unknown, status = 200) =>
  readAnswer(call, status, utf8(JSON.stringify(body)), readZone('UTC')!)

const activate = { type: 'activate_code', code: 'PL0001', at: null } as const
const query = { type: 'query_code', code: 'PL0001' } as const

describe('the answer about a code', () => {
  test.each([
    ['92020005', 'unknown'],
    ['92020011', 'inactive'],
  ])('that a code is not there, %s, is what was asked for', (error_code, status) => {
    const nothing = { paidUntil: null, order: null, marketplaceProduct: null, quantity: null }
    expect(answer(query, { error_code })).toEqual({ type: 'code', code: { status, ...nothing } })
    expect(answer(query, { error_code: '92020002' })).toMatchObject({ type: 'refused', retry: false })
  })

  test.each([{}, { data: null }])('to an activation without facts is that the code lives: %j', (more) => {
    const nothing = { paidUntil: null, order: null, marketplaceProduct: null, quantity: null }
    const code = { status: 'alive', ...nothing }
    expect(answer(activate, { error_code: '92020000', ...more })).toEqual({ type: 'code', code })
    expect(answer(query, { error_code: '92020000', ...more })).toMatchObject({ type: 'unreachable' })
  })
})

const order = { type: 'query_order', order: 'CS1', line: null } as const

describe('a refusal', () => {
  test.each([
    ['91380001', 200, 'marketplace'],
    ['92020002', 200, 'marketplace'],
    ['MKT.0999', 400, 'marketplace'],
    ['CBC.0001', 200, 'marketplace'],
    ['000002', 200, 'marketplace'],
    ['ORDER.404', 404, 'gateway'],
    ['APIGW.0101', 404, 'gateway'],
    ['WAF.1', 418, 'gateway'],
  ])('of the order query by %s with HTTP %i is explained by no document, and said by the %s', (code, status, by) => {
    expect(answer(order, { resultCode: code }, status)).toEqual({ type: 'unexplained', code, by })
  })

  test.each([
    ['000005', 200],
    ['CBC.0999', 200],
    ['APIGW.0201', 502],
    ['MKT.0999', 500],
    ['X', 429],
  ])('of the order query by %s with HTTP %i is of the moment', (code, status) => {
    expect(answer(order, { resultCode: code }, status)).toEqual({ type: 'refused', code, retry: true })
  })

  test('of the order query may be of the credentials', () => {
    expect(answer(order, { resultCode: 'CBC.0150' })).toEqual({ type: 'unauthorized', code: 'CBC.0150' })
  })

  test.each([
    [activate, 'MKT.0999', 503, true],
    [activate, 'MKT.0999', 200, false],
    // Older tables give codes of the call itself with any status.
    [activate, '92020002', 500, false],
    [query, '91380002', 502, false],
    [query, 'APIGW.0101', 404, false],
  ] as const)('of %j by %s with HTTP %i: may pass is %s', (call, error_code, status, retry) => {
    expect(answer(call, { error_code }, status)).toMatchObject({ type: 'refused', code: error_code, retry })
  })
})
