import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { ALLOWANCE } from '../../src/http/rate-limit.ts'
import { clientsBehind } from '../../src/runtime/client-address.ts'
import { type Desk, openDesk, PURCHASE } from '../authority/desk.ts'
import { OPTIONS } from './server.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const PROXY = '127.0.0.1'

/** Asks as the proxy would pass it on from `client`; a host without sockets has no `peer`. */
function asking(trusted: readonly string[] | null) {
  const clientOf = trusted === null ? {} : { clientOf: clientsBehind(trusted) }
  const app = createApp(desk.authority, { ...OPTIONS, ...clientOf })
  return async (client: string, path: string, init: RequestInit = {}, peer: string | null = PROXY) => {
    const incoming = {
      url: path,
      headers: { 'x-forwarded-for': client },
      socket: { remoteAddress: peer ?? '' },
    }
    return app.request(path, init, peer === null ? undefined : { incoming })
  }
}

const QUESTIONS: readonly [string, RequestInit][] = [
  ['/v1/validate', { method: 'POST', body: '{"code":"x"}', headers: { 'content-type': 'application/json' } }],
  ['/v1/keys', {}],
  ['/v1/revocations/cad-pro', {}],
  ['/.well-known/jwks.json', {}],
  ['/readyz', {}],
]

async function useUp(ask: ReturnType<typeof asking>, client: string): Promise<void> {
  for (let n = 0; n < ALLOWANCE.burst; n++) {
    const { status } = await ask(client, '/.well-known/jwks.json')
    if (status !== 200) throw new Error(`${status} at question ${n}`)
  }
}

test('beyond its share a client gets 429 and when to come back, to every question that anybody may ask', async () => {
  const ask = asking([PROXY])
  await useUp(ask, '203.0.113.7')
  for (const [path, init] of QUESTIONS) {
    const refused = await ask('203.0.113.7', path, init)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
    expect(await refused.json()).toMatchObject({ code: 'rate_limited', status: 429 })
  }
  expect((await ask('203.0.113.8', '/v1/keys')).status).toBe(200)
  desk.clock.time += 1
  expect((await ask('203.0.113.7', '/v1/keys')).status).toBe(200)
})

test('callbacks and /healthz are never refused for being many', async () => {
  const ask = asking([PROXY])
  await useUp(ask, '203.0.113.7')
  expect((await ask('203.0.113.7', '/healthz')).status).toBe(200)
  const { method, url, headers, body } = desk.caller.getLicense(
    { ...PURCHASE, orderId: desk.newOrder() },
    desk.moment(),
  )
  const { pathname, search } = new URL(url)
  const answer = await ask('203.0.113.7', pathname + search, { method, headers, body })
  expect(await answer.json()).toMatchObject({ resultCode: '000000' })
})

test('a client cannot pass for others by what it writes itself', async () => {
  const ask = asking([PROXY])
  for (let n = 0; n < ALLOWANCE.burst; n++) await ask(`198.51.100.${n % 250}, 203.0.113.7`, '/v1/keys')
  expect((await ask('198.51.100.251, 203.0.113.7', '/v1/keys')).status).toBe(429)
  const direct = (claimed: string) => ask(claimed, '/v1/keys', {}, '203.0.113.9')
  for (let n = 0; n < ALLOWANCE.burst; n++) await direct(`198.51.100.${n % 250}`)
  expect((await direct('198.51.100.251')).status).toBe(429)
})

test.each([
  ['behind a proxy that nobody named', [], PROXY],
  ['where requests share no memory', null, PROXY],
  ['on a host that knows no address', [PROXY], null],
] as const)('%s nobody is refused: all clients would share one allowance', async (_, trusted, peer) => {
  const ask = asking(trusted)
  for (let n = 0; n <= ALLOWANCE.burst; n++) {
    expect((await ask('203.0.113.7', '/.well-known/jwks.json', {}, peer)).status).toBe(200)
  }
})
