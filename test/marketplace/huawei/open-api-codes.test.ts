import { describe, expect, test } from 'vitest'
import type { OutgoingCall } from '../../../src/authority/outgoing/port.ts'
import { utf8 } from '../../../src/format/bytes.ts'
import { readZone } from '../../../src/marketplace/huawei/date.ts'
import { readAnswer } from '../../../src/marketplace/huawei/open-api/answers.ts'

const answer = (call: OutgoingCall, body: unknown) =>
  readAnswer(call, 200, utf8(JSON.stringify(body)), readZone('UTC')!)

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
