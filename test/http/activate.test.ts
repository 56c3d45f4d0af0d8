import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { createApp } from '../../src/http/app.ts'
import { ACTIVATION_DEADLINE } from '../../src/http/deadline.ts'
import { type CodeMarket, failing, openCodeMarket, saying } from '../authority/activation-kit.ts'
import { withStore } from '../authority/desk.ts'
import { OPTIONS } from './server.ts'

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

interface How {
  readonly type?: string | null
  readonly authority?: typeof market.authority
  readonly transport?: Transport
}

async function post(body: string | Uint8Array<ArrayBuffer>, how: How = {}): Promise<Response> {
  const { type = 'application/json', authority = market.authority, transport = market.transport } = how
  const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
  const app = createApp(authority, { ...OPTIONS, transport })
  return app.request('/v1/activate', { method: 'POST', body, headers })
}

const ask = (question: unknown, how?: How) => post(JSON.stringify(question), how)

async function expectProblem(response: Response, status: number, problem: string, detail?: RegExp) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = (await response.json()) as Record<string, unknown>
  expect(body).toMatchObject({ status, code: problem })
  if (detail) expect(body.detail).toMatch(detail)
  return JSON.stringify(body)
}

test('a code is answered with all its members, and the answer is not to be stored', async () => {
  market.sells(code)
  const response = await ask({ marketplaceCode: code, channel: 'huawei', device: { fingerprint: 'laptop' } })
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const answer = (await response.json()) as Record<string, unknown>
  expect(Object.keys(answer).sort()).toEqual([
    'ageSeconds',
    'certificates',
    'confirmedAt',
    'license',
    'reason',
    'standing',
    'statement',
    'text',
    'valid',
  ])
  expect(answer).toMatchObject({
    ...{ valid: true, standing: 'active', reason: null },
    ...{ text: expect.stringMatching(/^LC1-/), confirmedAt: '2026-11-21T12:00:00Z', ageSeconds: 0 },
  })
})

test('a code is taken as it is pasted', async () => {
  market.sells(code)
  expect((await ask({ marketplaceCode: ` ${code}\n` })).status).toBe(200)
})

describe('a question that is malformed', () => {
  const code64 = 'P'.repeat(64)
  test.each<[string, unknown, RegExp]>([
    ['is no object', ['PL1'], /object/],
    ['is null', null, /object/],
    ['has no code', {}, /marketplaceCode/],
    ['has a number for a code', { marketplaceCode: 5 }, /marketplaceCode/],
    ['has an empty code', { marketplaceCode: '' }, /marketplaceCode/],
    ['has spaces for a code', { marketplaceCode: '   ' }, /marketplaceCode/],
    ['has a code that is too long', { marketplaceCode: `${code64}P` }, /marketplaceCode/],
    ['has a code with a space', { marketplaceCode: 'PL 1' }, /marketplaceCode/],
    ['has a code with a line end', { marketplaceCode: 'PL\n1' }, /marketplaceCode/],
    ['has a code that is no ASCII', { marketplaceCode: 'PL许可' }, /marketplaceCode/],
    ['has a member that nobody knows', { marketplaceCode: 'PL1', canary: 1 }, /no other member/],
    ['has the code by another name', { code: 'PL1' }, /no other member/],
    ['has a member of every object', { marketplaceCode: 'PL1', toString: 1 }, /no other member/],
    ['has a number for a channel', { marketplaceCode: 'PL1', channel: 5 }, /channel/],
    ['has null for a channel', { marketplaceCode: 'PL1', channel: null }, /channel/],
    ['names no channel of ours', { marketplaceCode: 'PL1', channel: 'canary' }, /channel/],
    ['names a member of every object', { marketplaceCode: 'PL1', channel: '__proto__' }, /channel/],
    ['has a text for a device', { marketplaceCode: 'PL1', device: 'laptop' }, /device/],
    ['has a device without a fingerprint', { marketplaceCode: 'PL1', device: {} }, /device/],
    ['has an empty fingerprint', { marketplaceCode: 'PL1', device: { fingerprint: '' } }, /device/],
    [
      'has a fingerprint of 6 KiB',
      { marketplaceCode: 'PL1', device: { fingerprint: 'x'.repeat(5_121) } },
      /device/,
    ],
    ['has null for a device', { marketplaceCode: 'PL1', device: null }, /device/],
  ])('since it %s is refused, and the marketplace is not asked', async (_, question, detail) => {
    const said = await expectProblem(await ask(question), 400, 'malformed_request', detail)
    expect(said).not.toContain('canary')
    expect(market.called).toEqual([])
  })

  test.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ['no JSON', '{'],
    ['a member twice', '{"marketplaceCode":"PL1","marketplaceCode":"PL2"}'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['nesting without end', '['.repeat(20)],
    ['nothing', ''],
  ])('since it is %s is refused', async (_, body) => {
    await expectProblem(await post(body), 400, 'malformed_request')
  })

  test.each([
    null,
    'text/plain',
    'application/x-www-form-urlencoded',
  ])('since its type is %s is refused', async (type) => {
    await expectProblem(await post('{"marketplaceCode":"PL1"}', { type }), 415, 'unsupported_media_type')
  })

  test('since it is over 64 KiB is refused', async () => {
    await expectProblem(await ask({ marketplaceCode: 'x'.repeat(70_000) }), 413, 'too_large')
  })
})

describe('a refusal', () => {
  test('of a code that the marketplace does not know is final', async () => {
    const response = await ask({ marketplaceCode: code })
    await expectProblem(response, 404, 'license_unknown')
    expect(response.headers.get('retry-after')).toBeNull()
  })

  test.each([
    ['an outage of the marketplace', failing('timeout'), '30'],
    ['credentials that are wrong', saying({ error_code: 'APIGW.0301', error_msg: 'canary AK' }, 401), '30'],
    ['a buyer who has not claimed it', saying({ error_code: '92020004' }), '300'],
  ])('for %s says when to ask again, and nothing of how the seller is set up', async (_, instead, seconds) => {
    market.sells(code)
    market.next(instead)
    const response = await ask({ marketplaceCode: code })
    expect(response.headers.get('retry-after')).toBe(seconds)
    const said = await expectProblem(response, 503, 'unavailable')
    expect(said).not.toMatch(/canary|APIGW|AK|credential|unauthorized|timeout/)
  })

  test('for wrong credentials reads as one for an outage', async () => {
    market.sells(code)
    market.next(failing('timeout'), saying({ error_code: 'APIGW.0301' }, 401))
    const [outage, credentials] = [await ask({ marketplaceCode: code }), await ask({ marketplaceCode: code })]
    expect(await credentials.json()).toEqual(await outage.json())
  })

  test('of a purchase without an offer says when to ask again', async () => {
    market.sells(code, { productId: 'OFFI-NEW' })
    const response = await ask({ marketplaceCode: code })
    expect(response.headers.get('retry-after')).toBe('300')
    await expectProblem(response, 503, 'unavailable', /not set it up/)
  })

  test('while the store is out can be tried again', async () => {
    market.sells(code)
    const commit = () => Promise.reject(new Error('canary of the store'))
    const authority = withStore(market.authority, { commit })
    const said = await expectProblem(await ask({ marketplaceCode: code }, { authority }), 503, 'unavailable')
    expect(said).not.toContain('canary')
    expect((await ask({ marketplaceCode: code })).status).toBe(200)
  })

  test('while no key may sign is none for ever', async () => {
    market.sells(code)
    const { configuration } = market.authority
    const authority = {
      ...market.authority,
      configuration: {
        ...configuration,
        async current(now: number) {
          const snapshot = await configuration.current(now)
          return { ...snapshot, keyring: { ...snapshot.keyring, known: [] } }
        },
      },
    }
    const response = await ask({ marketplaceCode: code }, { authority })
    await expectProblem(response, 503, 'unavailable')
    expect(await market.authority.store.byInstance('huawei', code)).toBeNull()
    expect((await ask({ marketplaceCode: code })).status).toBe(200)
  })
})

describe('a marketplace that is silent', () => {
  const silent: Transport = { send: () => new Promise(() => undefined) }

  test('is given up in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      market.sells(code)
      const asked = ask({ marketplaceCode: code }, { transport: silent })
      await vi.advanceTimersByTimeAsync(ACTIVATION_DEADLINE)
      const response = await asked
      expect(response.headers.get('retry-after')).toBe('30')
      await expectProblem(response, 503, 'unavailable')
    } finally {
      vi.useRealTimers()
    }
  })

  test('holds up no call about the same code', async () => {
    const app = createApp(market.authority, { ...OPTIONS, transport: silent })
    const body = JSON.stringify({ marketplaceCode: code })
    void app.request('/v1/activate', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    await new Promise(setImmediate)
    const begun = performance.now()
    expect((await market.renews(code, 60)).code).toBe('000000')
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})

test('what the log tells of an activation is its license, and never its code', async () => {
  market.sells(code)
  const heard = market.lines.length
  const answer = (await (await ask({ marketplaceCode: code })).json()) as { license: { id: string } }
  const lines = market.lines.slice(heard)
  expect(lines).toContainEqual({
    level: 'info',
    event: 'request',
    detail: expect.objectContaining({ route: '/v1/activate', status: 200, license: answer.license.id }),
  })
  expect(JSON.stringify(lines)).not.toContain(code)
})
