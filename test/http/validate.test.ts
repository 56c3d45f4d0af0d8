import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { claimsOf, type Desk, openDesk, withStore } from '../authority/desk.ts'
import { OPTIONS } from './server.ts'

let desk: Desk
let code: string
beforeAll(async () => {
  desk = await openDesk()
  code = (await desk.buy()).license
})
afterAll(() => desk.close())

function post(
  body: string | Uint8Array<ArrayBuffer>,
  type: string | null = 'application/json',
  authority = desk.authority,
) {
  const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
  return createApp(authority, OPTIONS).request('/v1/validate', { method: 'POST', body, headers })
}

const ask = async (question: unknown) => post(JSON.stringify(question))

async function expectMalformed(response: Response, detail: RegExp) {
  expect(response.status).toBe(400)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'The request is malformed.',
    status: 400,
    code: 'malformed_request',
    detail: expect.stringMatching(detail),
  })
}

test('a question is answered with all its members, and is not to be stored', async () => {
  const response = await ask({ code, device: { fingerprint: 'laptop' }, nonce: 'n-1' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const answer = await response.json()
  expect(Object.keys(answer).sort()).toEqual(
    ['certificates', 'license', 'reason', 'standing', 'statement', 'valid'].sort(),
  )
  expect(answer).toMatchObject({ valid: true, standing: 'active', reason: null })
  expect(claimsOf(answer)).toMatchObject({ nonce: 'n-1', device: expect.any(String) })
})

test('a text that is no license is an answer, not an error', async () => {
  const response = await ask({ code: 'hello' })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    valid: false,
    standing: null,
    reason: 'malformed',
    license: null,
    statement: null,
    certificates: expect.any(Array),
  })
})

test('a code of a test call is 404 license_unknown', async () => {
  const { license } = await desk.buy({ testFlag: '1' })
  const response = await ask({ code: license })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ code: 'license_unknown' })
})

test('members it does not know have no effect', async () => {
  const body = `{"code":${JSON.stringify(code)},"now":0,"valid":true,"__proto__":{"nonce":"evil"},"constructor":1}`
  const response = await post(body)
  expect(response.status).toBe(200)
  expect(claimsOf(await response.json())).not.toHaveProperty('nonce')
})

describe('a request without sense is 400 and says which member', () => {
  const questions: readonly (readonly [string, unknown, RegExp])[] = [
    ['null', null, /JSON object/],
    ['an array', [], /JSON object/],
    ['a text', 'LC1', /JSON object/],
    ['a number', 7, /JSON object/],
    ['no code', {}, /^code/],
    ['a code that is null', { code: null }, /^code/],
    ['a code that is a number', { code: 1 }, /^code/],
    ['a code that is a list', { code: ['LC1'] }, /^code/],
    ['a device that is a text', { code: 'x', device: 'laptop' }, /^device/],
    ['a device that is null', { code: 'x', device: null }, /^device/],
    ['a device that is a list', { code: 'x', device: ['laptop'] }, /^device/],
    ['a device without a fingerprint', { code: 'x', device: {} }, /^device/],
    ['an empty fingerprint', { code: 'x', device: { fingerprint: '' } }, /^device/],
    ['a fingerprint that is a number', { code: 'x', device: { fingerprint: 7 } }, /^device/],
    ['a fingerprint over 5,120 bytes', { code: 'x', device: { fingerprint: 'é'.repeat(2_561) } }, /^device/],
    ['a nonce that is null', { code: 'x', nonce: null }, /^nonce/],
    ['a nonce that is a number', { code: 'x', nonce: 12345678 }, /^nonce/],
    ['an empty nonce', { code: 'x', nonce: '' }, /^nonce/],
    ['a nonce of 65 characters', { code: 'x', nonce: 'a'.repeat(65) }, /^nonce/],
    ['a nonce with a space', { code: 'x', nonce: 'a b' }, /^nonce/],
    ['a nonce with a line end', { code: 'x', nonce: 'a\n' }, /^nonce/],
    ['a nonce that is no ASCII', { code: 'x', nonce: 'ñ' }, /^nonce/],
  ]
  test.each(questions)('%s', async (_, question, detail) => expectMalformed(await ask(question), detail))

  const texts: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, RegExp])[] = [
    ['an empty body', '', /not acceptable JSON/],
    ['half a body', '{"code":', /not acceptable JSON/],
    ['two values', '{"code":"x"}{"code":"x"}', /not acceptable JSON/],
    ['a member twice', '{"code":"x","code":"y"}', /repeated member at character/],
    ['a member twice with equal values', '{"code":"x","code":"x"}', /repeated member/],
    ['__proto__ twice', '{"code":"x","__proto__":1,"__proto__":1}', /repeated member/],
    ['a trailing comma', '{"code":"x",}', /not acceptable JSON/],
    ['a comment', '{"code":"x"/**/}', /not acceptable JSON/],
    ['single quotes', "{'code':'x'}", /not acceptable JSON/],
    ['a control character', '{"code":"a\u0001b"}', /not acceptable JSON/],
    ['NaN', '{"code":NaN}', /not acceptable JSON/],
    ['nesting of 9', `{"code":"x","a":${'['.repeat(8)}${']'.repeat(8)}}`, /nested too deep/],
    ['nesting of 30,000', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, /nested too deep/],
    ['a byte order mark', '\ufeff{"code":"x"}', /not acceptable JSON/],
    [
      'a lone surrogate as a fingerprint',
      '{"code":"x","device":{"fingerprint":"\\ud800"}}',
      /lone surrogate/,
    ],
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), /not well-formed UTF-8/],
    ['UTF-16', Uint8Array.from(Buffer.from('{"code":"x"}', 'utf16le')), /not acceptable JSON/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), /not well-formed UTF-8/],
  ]
  test.each(texts)('%s', async (_, text, detail) => expectMalformed(await post(text), detail))

  test('and repeats nothing of what was sent', async () => {
    const response = await post('{"code":"x","canary-name":1,"canary-name":"canary-value"}')
    expect(await response.text()).not.toContain('canary')
  })
})

describe('the edges of what is allowed', () => {
  test.each([
    ['a nonce of 64 characters', { nonce: 'aZ09_-'.repeat(11).slice(0, 64) }],
    ['a nonce of one', { nonce: '-' }],
    ['a fingerprint of 5,120 bytes', { device: { fingerprint: 'é'.repeat(2_560) } }],
    ['a fingerprint of one byte', { device: { fingerprint: ' ' } }],
    ['a device with more members', { device: { fingerprint: 'laptop', os: 'plan9' } }],
  ])('%s', async (_, wish) => {
    const response = await ask({ code, ...wish })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ valid: true, statement: expect.any(String) })
  })

  test('nesting of 8 in a member nobody looks at', async () => {
    expect((await post(`{"code":"x","a":${'['.repeat(7)}${']'.repeat(7)}}`)).status).toBe(200)
  })
})

test.each([
  null,
  '',
  'text/plain',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'json',
])('a body of type %s is 415', async (type) => {
  const response = await post(Buffer.from(JSON.stringify({ code })), type)
  expect(response.status).toBe(415)
  expect(await response.json()).toMatchObject({ code: 'unsupported_media_type', status: 415 })
})

test.each([
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  ' application/json ;x=y',
])('a body of type %s is read', async (type) =>
  expect((await post(JSON.stringify({ code }), type)).status).toBe(200))

test('an outage is 503 without a word about what broke, and one line in the log', async () => {
  const before = desk.lines.length
  const broken = withStore(desk.authority, { presented: () => Promise.reject(new Error('disk on fire')) })
  const response = await post(JSON.stringify({ code }), 'application/json', broken)
  expect(response.status).toBe(503)
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status: 503,
    code: 'unavailable',
  })
  expect(desk.lines.slice(before)).toEqual([
    {
      level: 'error',
      event: 'request_failed',
      detail: { requestId: response.headers.get('x-request-id'), error: 'Error: disk on fire' },
    },
    { level: 'warn', event: 'request', detail: expect.objectContaining({ problem: 'unavailable' }) },
  ])
})
