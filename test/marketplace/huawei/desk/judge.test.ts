import { expect, test } from 'vitest'
import { nodeCrypto } from '../../../../src/crypto/node.ts'
import { huaweiCaller } from '../../../../src/marketplace/huawei/caller.ts'
import { type Expectation, type Heard, judge } from '../../../../src/marketplace/huawei/desk/judge.ts'
import { lacking } from '../../../../src/marketplace/huawei/desk/step.ts'
import { ACCESS_KEY, BROKEN, NOON_MS, OK, signed } from './seller.ts'

const caller = huaweiCaller(nodeCrypto, 'https://seller.example.com/callbacks', ACCESS_KEY)
const call = caller.post({ activity: 'orderNotify' }, { nowMs: NOON_MS, nonce: 'nonce-0001' })
const failureOf = (heard: Heard, expected?: Expectation) => judge(caller, call, heard, expected).failure
const over = (changed: object): Heard => ({ ...signed(OK), ...changed }) as Heard

test('an answer in time, signed, and a success passes', () => {
  expect(judge(caller, call, signed({ ...OK, instanceId: 'i', license: 'L' }))).toMatchObject({
    failure: null,
    status: 200,
    resultCode: '000000',
    instanceId: 'i',
    license: 'L',
  })
})

test.each<[string, Heard, string]>([
  ['silence', { type: 'silence', why: '5000 ms are over', tookMs: 5001 }, 'no answer: 5000 ms are over'],
  ['an answer that comes too late', signed(OK, 5001), 'answered after 5001 ms; the marketplace waits 5000'],
  ['another status', over({ status: 201 }), 'HTTP status 201'],
  ['an error status with a success in it', over({ status: 500 }), 'HTTP status 500'],
  ['another type', over({ contentType: 'text/html' }), 'not application/json'],
  ['no type', over({ contentType: null }), 'not application/json'],
  ['no signature', over({ bodySign: null }), 'Body-Sign is not ours'],
  [
    'the signature of another body',
    over({ body: '{"resultCode":"000000","resultMsg":"x"}' }),
    'Body-Sign is not ours',
  ],
  [
    'a refusal signed by another key',
    over({ body: '{"resultCode":"000001","resultMsg":"x"}' }),
    'Body-Sign is not ours; resultCode 000001',
  ],
  ['a body that is no JSON', signedText('success'), 'no resultCode or no resultMsg'],
  ['a list', signedText('[]'), 'no resultCode or no resultMsg'],
  ['null', signedText('null'), 'no resultCode or no resultMsg'],
  ['a success without a message', signed({ resultCode: '000000' }), 'no resultCode or no resultMsg'],
  ['a code that is no success', signed(BROKEN), 'resultCode 000005'],
  ['a number for a code', signed({ resultCode: 0, resultMsg: 'ok' }), 'resultCode 0'],
  ['"later" where nobody waits', signed({ resultCode: '000004', resultMsg: 'later' }), 'resultCode 000004'],
])('%s is a failure', (_, heard, failure) => {
  expect(failureOf(heard)).toBe(failure)
})

test('"later" passes where the marketplace waits for it', () => {
  expect(failureOf(signed({ resultCode: '000004', resultMsg: 'later' }), { later: true })).toBeNull()
})

test('what the activity must bring and does not is named', () => {
  const expected = { lacks: lacking('license', 'instanceId') }
  expect(failureOf(signed({ ...OK, license: 'L', instanceId: 'i' }), expected)).toBeNull()
  expect(failureOf(signed({ ...OK, instanceId: 'i' }), expected)).toBe('no license')
  expect(failureOf(signed({ ...OK, license: 'L', instanceId: '' }), expected)).toBe('no instanceId')
  expect(failureOf(signed({ ...OK, license: 'L', instanceId: 7 }), expected)).toBe('no instanceId')
})

function signedText(body: string): Heard {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const mac = Buffer.from(nodeCrypto.hmacSha256(bytes(ACCESS_KEY), bytes(body))).toString('base64')
  return over({ body, bodySign: `sign_type="HMAC-SHA256", signature="${mac}"` })
}
