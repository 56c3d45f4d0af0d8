import { describe, expect, test } from 'vitest'
import type { RawCall } from '../../../src/authority/marketplace.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { huaweiKitCaller, kitTimeStampOf } from '../../../src/marketplace/huawei/caller-kit.ts'
import { ACCESS_KEY, channel, fate, keyOf, MOMENT, NOW, open } from './fixture.ts'
import { ADDRESS, arrivingBelow, kit, signedBelow, TENANT } from './kit-fixture.ts'
import { absence, sharedVectors } from './shared-vectors.ts'

interface KitVector {
  readonly name: string
  readonly accessKey: string
  readonly 'x-timestamp': string
  readonly 'x-nonce': string
  readonly rawBody: string
  readonly canonicalBody: string
  readonly 'x-sign_lower': string
}

const vectors = sharedVectors<{ kit_x_sign: readonly KitVector[] }>('huawei.json')

const sent = (version: 1 | 2 = 2) => arrivingBelow(kit[version].tenantSync(TENANT, MOMENT))

/** Other headers, of which undefined ones are not sent. */
function headed(call: RawCall, changed: Readonly<Record<string, string | undefined>>): RawCall {
  const below = call.below!
  return { ...call, below: { ...below, headers: { ...below.headers, ...changed } } }
}

const whyOf = (call: RawCall, nowMs = NOW) => (open(call, channel, nowMs) as { why: string | null }).why

describe.skipIf(vectors === null)(`published kit signatures${absence(vectors)}`, () => {
  test.each(vectors?.kit_x_sign ?? [])('$name', (vector) => {
    const signed = (sign: string, body: string): RawCall => ({
      method: 'POST',
      query: '',
      contentType: 'application/json',
      body: Buffer.from(body),
      below: {
        address: '/produceAPI/v2/tenantSync',
        headers: { 'x-sign': sign, 'x-timestamp': vector['x-timestamp'], 'x-nonce': vector['x-nonce'] },
      },
    })
    const to = { ...channel, keys: [keyOf('11111111', vector.accessKey)] }
    const seen = (sign: string, body = vector.rawBody) =>
      open(signed(sign, body), to, Number(vector['x-timestamp'])).type
    const sign = vector['x-sign_lower']
    expect(seen(sign)).toBe('authentic')
    expect(seen(sign.toUpperCase())).toBe('authentic')
    expect(seen(sign, vector.canonicalBody)).toBe('authentic')
    expect(seen(sign, vector.rawBody.replace('"flag": 1', '"flag": 0'))).toBe('rejected')
    expect(seen(`${sign.slice(0, -1)}0`)).toBe('rejected')
  })
})

test('the literal example of the document, whose key nobody knows, is not authentic', () => {
  const body =
    '{"instanceId": "huaiweitest123456","orderId": "CS1906666666ABCDE","tenantId": "68cbc86****************880d92f36422fa0e","tenantCode": "huawei","name": "huaiweitest","domainName": "https://example.tenantaccount.com","flag": 1,"testFlag": 0,"timeStamp": "20220413093539534"}'
  const headers = {
    'x-sign': '11C4CD6279191DE931DEF5C51531DFFA9D37969F4E356B8A3A6D8DE4FB357A48',
    'x-timestamp': '1680508066618',
    'x-nonce': '50D83FDECAED6CCD8EF597F2A577950527928BA287D04E6036E92B2806FD17DA',
  }
  const call = { ...sent(), body: Buffer.from(body), below: { ...sent().below!, headers } }
  expect(open(call, channel, 1680508066618)).toMatchObject({ why: 'x-sign: wrong' })
  expect(fate(signedBelowAs(body))).toBe('accepted')
})

const signedBelowAs = (body: string) => open(signedBelow('tenantSync', body))

describe('version 2 is checked in this order', () => {
  const headers = { 'x-timestamp': '0', 'x-nonce': 'x' }
  test.each<[string, RawCall, string, string]>([
    [
      'no signature',
      headed(sent(), { ...headers, 'x-sign': undefined }),
      'unauthenticated',
      'x-sign: missing',
    ],
    ['an empty one', headed(sent(), { ...headers, 'x-sign': '' }), 'unauthenticated', 'x-sign: missing'],
    [
      'no timestamp',
      headed(sent(), { 'x-timestamp': undefined, 'x-nonce': 'x' }),
      'malformed',
      'x-timestamp: missing or not 13 digits',
    ],
    [
      'one in seconds',
      headed(sent(), { 'x-timestamp': `${Math.floor(NOW / 1000)}` }),
      'malformed',
      'x-timestamp: missing or not 13 digits',
    ],
    ['no nonce', headed(sent(), { 'x-nonce': undefined }), 'malformed', 'x-nonce: missing or of wrong form'],
    [
      'a stale timestamp',
      headed(sent(), { 'x-timestamp': `${NOW - 60_001}` }),
      'malformed',
      'x-timestamp: outside the window',
    ],
    [
      'one of the future',
      headed(sent(), { 'x-timestamp': `${NOW + 60_001}` }),
      'malformed',
      'x-timestamp: outside the window',
    ],
    ['another method', { ...sent(), method: 'GET' }, 'malformed', 'method: not POST'],
    ['another content type', { ...sent(), contentType: 'text/plain' }, 'malformed', 'content type'],
    ['no body in time', { ...sent(), body: null }, 'malformed', 'body: too large or too slow'],
    ['a signature that is none', headed(sent(), { 'x-sign': 'x' }), 'unauthenticated', 'x-sign: wrong'],
    ['another body', { ...sent(), body: Buffer.from('{}') }, 'unauthenticated', 'x-sign: wrong'],
    ['a body that is no JSON', signedBelow('tenantSync', 'x'), 'faulty', 'body: '],
    ['a body that is no object', signedBelow('tenantSync', '[]'), 'faulty', 'body: not a JSON object'],
    ['no fields', signedBelow('tenantSync', '{}'), 'faulty', 'flag: none of 0, 1, 2'],
  ])('%s', (_, call, how, why) => {
    expect(fate(open(call))).toBe(how)
    expect(whyOf(call)).toContain(why)
  })

  test('and a minute is the whole window', () => {
    for (const late of [60_000, -60_000]) expect(fate(open(sent(), channel, NOW + late))).toBe('accepted')
  })
})

describe('version 1 is checked in this order', () => {
  const body = (text: string) => ({ ...sent(1), body: Buffer.from(text) })
  const bodyAt = (timeStamp: unknown) => body(JSON.stringify({ ...TENANT, timeStamp }))
  test.each<[string, RawCall, string, string]>([
    [
      'no token',
      headed({ ...sent(1), body: null }, { authtoken: undefined }),
      'unauthenticated',
      'authToken: missing',
    ],
    ['another method', { ...sent(1), method: 'GET' }, 'malformed', 'method: not POST'],
    ['another content type', { ...sent(1), contentType: 'text/plain' }, 'malformed', 'content type'],
    ['no body in time', { ...sent(1), body: null }, 'malformed', 'body: too large or too slow'],
    ['a body that is no object', body('[]'), 'malformed', 'body: not a JSON object'],
    ['no time', bodyAt(undefined), 'malformed', 'timeStamp: missing or not 17 digits of a date'],
    ['a time that is null', bodyAt(null), 'malformed', 'timeStamp: missing or not 17 digits of a date'],
    ['a stale time', bodyAt(kitTimeStampOf(NOW - 900_001)), 'malformed', 'timeStamp: outside the window'],
    [
      'a time in UTC',
      bodyAt(kitTimeStampOf(NOW - 8 * 3_600_000)),
      'malformed',
      'timeStamp: outside the window',
    ],
    ['a token that is none', headed(sent(1), { authtoken: 'x' }), 'unauthenticated', 'authToken: wrong'],
    ['another body', bodyAt(kitTimeStampOf(NOW)), 'unauthenticated', 'authToken: wrong'],
    [
      'the headers of version 2',
      { ...sent(1), below: { ...sent().below!, address: sent(1).below!.address } },
      'unauthenticated',
      'authToken: missing',
    ],
  ])('%s', (_, call, how, why) => {
    expect(fate(open(call))).toBe(how)
    expect(whyOf(call)).toBe(why)
  })

  test('and a quarter of an hour is the whole window', () => {
    for (const late of [900_000, -900_000]) expect(fate(open(sent(1), channel, NOW + late))).toBe('accepted')
  })
})

describe('the text that version 1 signs', () => {
  const tokened = (members: Readonly<Record<string, unknown>>) =>
    arrivingBelow(kit[1].post('tenantSync', { ...TENANT, ...members } as never, MOMENT))

  test('leaves members out that are null, and numbers have the spelling they came in', () => {
    const call = arrivingBelow(kit[1].post('tenantSync', TENANT, MOMENT))
    const text = Buffer.from(call.body!).toString()
    expect(fate(open({ ...call, body: Buffer.from(text.replace('{', '{ "x": null,')) }))).toBe('accepted')
    expect(fate(open({ ...call, body: Buffer.from(text.replace('"flag":1', '"flag":1.0')) }))).toBe(
      'unauthenticated',
    )
  })

  test('may not be one that could be cut into other members: the call is malformed and leaves its mark', () => {
    const call = tokened({ name: 'R&D&flag=0' })
    expect(open(call)).toMatchObject({
      type: 'authentic',
      intent: null,
      why: 'body: a member holds a parameter',
    })
    const apart = tokened({ name: 'R&D', flag: 0 })
    const joined = { ...apart, body: Buffer.from(JSON.stringify({ ...TENANT, name: 'R&D&flag=0' })) }
    expect(fate(open(joined))).not.toBe('accepted')
  })

  test('may have no member whose name could be cut', () => {
    const odd = tokened({ 'flag=0&name': 'x' })
    expect(fate(open(odd))).toBe('faulty')
  })

  test('may come in a token whose plus signs were taken for spaces', () => {
    const calls = Array.from({ length: 60 }, (_, n) => tokened({ extra: n }))
    const withPlus = calls.filter(({ below }) => below!.headers.authtoken!.includes('+'))
    expect(withPlus.length).toBeGreaterThan(0)
    for (const call of withPlus)
      expect(
        fate(open(headed(call, { authtoken: call.below!.headers.authtoken!.replaceAll('+', ' ') }))),
      ).toBe('accepted')
  })
})

test('a signature of a callback is none of the kit, nor the other way round', () => {
  const call = sent()
  const [timestamp, nonce, signature] = ['x-timestamp', 'x-nonce', 'x-sign'].map(
    (name) => call.below!.headers[name],
  )
  const query = `signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`
  const { below: _, ...production } = { ...call, query }
  expect(fate(open(production))).toBe('unauthenticated')
  expect(huaweiKitCaller(nodeCrypto, ADDRESS, ACCESS_KEY).tenantSync(TENANT, MOMENT).url).toBe(
    `${ADDRESS}/produceAPI/v2/tenantSync`,
  )
})
