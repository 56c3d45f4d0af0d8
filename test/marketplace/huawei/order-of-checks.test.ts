import { describe, expect, test } from 'vitest'
import type { RawCall } from '../../../src/authority/marketplace.ts'
import { arriving, caller, channel, fate, MOMENT, NONCE, NOW, open, PURCHASE, RENEWAL } from './fixture.ts'

type Fate = ReturnType<typeof fate>
type Row = readonly [title: string, change: (call: RawCall) => RawCall, fate: Fate]

const parameter = (call: RawCall, name: string, value: string | null): RawCall => {
  const kept = call.query.split('&').filter((piece) => !piece.startsWith(`${name}=`))
  return { ...call, query: [...kept, ...(value === null ? [] : [`${name}=${value}`])].join('&') }
}
const set = (name: string, value: string | null) => (call: RawCall) => parameter(call, name, value)
const add = (text: string) => (call: RawCall) => ({ ...call, query: `${call.query}&${text}` })
const all =
  (...changes: readonly ((call: RawCall) => RawCall)[]) =>
  (call: RawCall) =>
    changes.reduce((changed, change) => change(changed), call)

const WRONG_HEX = '0'.repeat(64)
const WRONG_TOKEN = encodeURIComponent(`${'A'.repeat(43)}=`)

describe('License 2.0 checks in the order of contract 3.1', () => {
  const good = arriving(caller.post(RENEWAL, MOMENT))
  const late = set('timestamp', String(NOW - 60_001))
  const noBody = (call: RawCall): RawCall => ({ ...call, body: null })
  const rows: readonly Row[] = [
    ['a good call', (call) => call, 'accepted'],
    ['no signature', set('signature', null), 'unauthenticated'],
    ['an empty signature', set('signature', ''), 'unauthenticated'],
    ['no signature and no timestamp', all(set('signature', null), set('timestamp', null)), 'unauthenticated'],
    ['no signature and a broken query', all(set('signature', null), add('a=%')), 'unauthenticated'],
    ['no signature and no body', all(set('signature', null), noBody), 'unauthenticated'],
    ['a repeated signature', add(`signature=${WRONG_HEX}`), 'malformed'],
    ['no timestamp', set('timestamp', null), 'malformed'],
    [
      'no timestamp and a wrong signature',
      all(set('timestamp', null), set('signature', WRONG_HEX)),
      'malformed',
    ],
    ['a repeated timestamp, both equal', add(`timestamp=${NOW}`), 'malformed'],
    ['a timestamp in seconds', set('timestamp', String(Math.floor(NOW / 1000))), 'malformed'],
    ['a timestamp of 14 digits', set('timestamp', `${NOW}0`), 'malformed'],
    ['a signed timestamp', set('timestamp', `%2B${NOW}`), 'malformed'],
    [
      'a timestamp in full-width digits',
      set('timestamp', encodeURIComponent('１７９５２５５０００２５０')),
      'malformed',
    ],
    ['no nonce', set('nonce', null), 'malformed'],
    ['a nonce of seven characters', set('nonce', 'a'.repeat(7)), 'malformed'],
    ['a nonce of 65 characters', set('nonce', 'a'.repeat(65)), 'malformed'],
    ['a nonce with a dot', set('nonce', `${NONCE}.`), 'malformed'],
    ['a nonce with a line end', set('nonce', `${NONCE}%0A`), 'malformed'],
    ['a repeated nonce', add(`nonce=${NONCE}`), 'malformed'],
    ['a late call', late, 'malformed'],
    ['a late call with a wrong signature', all(late, set('signature', WRONG_HEX)), 'malformed'],
    ['a call from the future', set('timestamp', String(NOW + 60_001)), 'malformed'],
    [
      'a call at the edge, signed for another moment',
      set('timestamp', String(NOW - 60_000)),
      'unauthenticated',
    ],
    ['a parameter name with a dash', add('x-y=1'), 'malformed'],
    ['a parameter name with a leading underscore', add('_x=1'), 'malformed'],
    ['a parameter name of 65 characters', add(`${'x'.repeat(65)}=1`), 'malformed'],
    ['a broken percent sequence', add('x=%2'), 'malformed'],
    ['a parameter that is not UTF-8', add('x=%ff'), 'malformed'],
    ['a parameter that holds another', add('x=%26nonce%3D1'), 'malformed'],
    ['a body that was cut off', noBody, 'malformed'],
    ['a body that was cut off, wrongly signed', all(noBody, set('signature', WRONG_HEX)), 'malformed'],
    ['a form', (call) => ({ ...call, contentType: 'application/x-www-form-urlencoded' }), 'malformed'],
    [
      'a type that only begins like JSON',
      (call) => ({ ...call, contentType: 'application/jsonp' }),
      'malformed',
    ],
    ['no content type', (call) => ({ ...call, contentType: null }), 'accepted'],
    [
      'a content type with a charset',
      (call) => ({ ...call, contentType: 'Application/JSON;charset=utf8' }),
      'accepted',
    ],
    ['a contentType parameter', add('contentType=application%2Fjson'), 'accepted'],
    ['a wrong signature', set('signature', WRONG_HEX), 'unauthenticated'],
    ['a signature that is no hex', set('signature', 'x'.repeat(64)), 'unauthenticated'],
    [
      'a signature with a byte too many',
      (call) => ({ ...call, query: call.query.replace('&', '00&') }),
      'unauthenticated',
    ],
    ['an empty body', (call) => ({ ...call, body: new Uint8Array() }), 'unauthenticated'],
    ['GET with what belongs to POST', (call) => ({ ...call, method: 'GET' }), 'unauthenticated'],
  ]
  test.each(rows)('%s', (_, change, expected) => {
    expect(fate(open(change(good)))).toBe(expected)
  })
})

describe('License 1.0 checks in the order of contract 3.1', () => {
  const good = arriving(caller.get(PURCHASE, MOMENT))
  const rows: readonly Row[] = [
    ['a good call', (call) => call, 'accepted'],
    ['no authToken', set('authToken', null), 'unauthenticated'],
    ['an empty authToken', set('authToken', ''), 'unauthenticated'],
    ['no authToken and no timeStamp', all(set('authToken', null), set('timeStamp', null)), 'unauthenticated'],
    ['no authToken and a repeated name', all(set('authToken', null), add('orderId=1')), 'unauthenticated'],
    ['a repeated authToken', add(`authToken=${WRONG_TOKEN}`), 'malformed'],
    ['no timeStamp', set('timeStamp', null), 'malformed'],
    [
      'no timeStamp and a wrong token',
      all(set('timeStamp', null), set('authToken', WRONG_TOKEN)),
      'malformed',
    ],
    ['a timeStamp without milliseconds', set('timeStamp', '20261121093000'), 'malformed'],
    ['a timeStamp on a day that does not exist', set('timeStamp', '20260231093000250'), 'malformed'],
    ['a timeStamp in Unix milliseconds', set('timeStamp', String(NOW)), 'malformed'],
    ['a repeated timeStamp', add('timeStamp=20261121093000250'), 'malformed'],
    ['a late call', set('timeStamp', '20261121091500249'), 'malformed'],
    [
      'a late call with a wrong token',
      all(set('timeStamp', '20261121091500249'), set('authToken', WRONG_TOKEN)),
      'malformed',
    ],
    ['a call from the future', set('timeStamp', '20261121094500251'), 'malformed'],
    [
      'a call at the edge, signed for another moment',
      set('timeStamp', '20261121091500250'),
      'unauthenticated',
    ],
    ['a repeated name, wrongly signed', all(add('orderId=1'), set('authToken', WRONG_TOKEN)), 'malformed'],
    ['a repeated name of no known parameter', add('x=1&x=1'), 'malformed'],
    ['a name of a prototype, twice', add('constructor=1&constructor=2'), 'malformed'],
    ['a name in Chinese', add('%E4%B8%AD=1'), 'malformed'],
    ['a value without a name', add('=1'), 'malformed'],
    ['a raw character outside ASCII', add('x=ä'), 'malformed'],
    ['a value that holds a parameter, wrongly signed', add('x=1%26orderId%3D2'), 'malformed'],
    ['a wrong token', set('authToken', WRONG_TOKEN), 'unauthenticated'],
    [
      'a token without padding',
      (call) => ({ ...call, query: call.query.replace(/%3D$/, '') }),
      'unauthenticated',
    ],
    [
      'a token in the URL alphabet',
      set('authToken', encodeURIComponent(`${'-'.repeat(43)}=`)),
      'unauthenticated',
    ],
    ['an unsigned extra parameter', add('x=1'), 'unauthenticated'],
    ['an ampersand too many', add(''), 'accepted'],
    ['a body, which has no say', (call) => ({ ...call, body: new Uint8Array([0xff]) }), 'accepted'],
    ['POST with what belongs to GET', (call) => ({ ...call, method: 'POST' }), 'unauthenticated'],
  ]
  test.each(rows)('%s', (_, change, expected) => {
    expect(fate(open(change(good)))).toBe(expected)
  })
})

describe('the clock windows', () => {
  test.each([
    [-60_001, 'malformed'],
    [-60_000, 'accepted'],
    [60_000, 'accepted'],
    [60_001, 'malformed'],
  ] as const)('a License 2.0 call %d ms away is %s', (away, expected) => {
    expect(fate(open(arriving(caller.post(RENEWAL, { ...MOMENT, nowMs: NOW + away }))))).toBe(expected)
  })

  test.each([
    [-900_001, 'malformed'],
    [-900_000, 'accepted'],
    [900_000, 'accepted'],
    [900_001, 'malformed'],
  ] as const)('a License 1.0 call %d ms away is %s', (away, expected) => {
    expect(fate(open(arriving(caller.get(PURCHASE, { ...MOMENT, nowMs: NOW + away }))))).toBe(expected)
  })

  test('are the channel’s own', () => {
    const strict = { ...channel, windows: { timestamp: 1, authToken: 2 } }
    const at = (away: number) => ({ ...MOMENT, nowMs: NOW + away })
    expect(fate(open(arriving(caller.post(RENEWAL, at(1001))), strict))).toBe('malformed')
    expect(fate(open(arriving(caller.get(PURCHASE, at(2001))), strict))).toBe('malformed')
    expect(fate(open(arriving(caller.get(PURCHASE, at(2000))), strict))).toBe('accepted')
  })
})

test.each([
  '1795253400',
  '179525340025',
  '17952534002500',
  '0001795253400',
  ' 795253400250',
])('a timestamp %j is refused for its form or its time, never read in another unit', (timestamp) => {
  const call = arriving(caller.post(RENEWAL, { ...MOMENT, nowMs: Number(timestamp) }))
  const query = call.query.replace(/timestamp=\d+/, `timestamp=${encodeURIComponent(timestamp)}`)
  expect(open({ ...call, query })).toMatchObject({
    type: 'rejected',
    reply: { type: 'malformed' },
    why: timestamp.startsWith('0') ? 'timestamp: outside the window' : 'timestamp: missing or not 13 digits',
  })
})
