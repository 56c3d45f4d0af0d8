import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { createConfiguration } from '../../src/authority/configuration.ts'
import type { Store } from '../../src/authority/ports.ts'
import { createApp } from '../../src/http/app.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { type Desk, never, openDesk, PURCHASE } from '../authority/desk.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { OPTIONS } from './server.ts'

const DEADLINE = 60

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let heard: number
beforeEach(() => {
  desk.clock.time += 10
  heard = desk.lines.length
})

const thrown = () => Promise.reject(new Error('disk on fire'))

/** An instance that has read its configuration once; then its store is out altogether. */
async function afterwards(out: () => Promise<never>): Promise<Authority> {
  let broken = false
  const { store, crypto, sealing, retiredKeys } = desk.authority
  const failing = new Proxy(store, {
    get: (target, name: keyof Store) => (broken ? out : target[name]),
  })
  const configuration = createConfiguration(failing, crypto, sealing, retiredKeys)
  await configuration.current(desk.clock.now())
  broken = true
  desk.clock.time += 10
  return { ...desk.authority, store: failing, configuration }
}

async function send(authority: Authority, { method, url, headers, body }: HuaweiCall) {
  const { pathname, search } = new URL(url)
  const app = createApp(authority, { ...OPTIONS, callbackDeadline: DEADLINE })
  const response = await app.request(pathname + search, { method, headers, body })
  const text = await response.text()
  const signed = desk.caller.bodySignHolds(text, response.headers.get('body-sign'))
  return { status: response.status, signed, code: JSON.parse(text).resultCode }
}

const purchase = () => desk.caller.getLicense({ ...PURCHASE, orderId: desk.newOrder() }, desk.moment())
const renewal = () => desk.caller.updateLicenseCodeStatus({ license: 'PL1', status: 'FREEZE' }, desk.moment())

describe.each([
  ['throws', thrown],
  ['never answers', never],
] as const)('while the whole store %s', (_, out) => {
  test.each([
    ['purchase', purchase],
    ['renewal', renewal],
  ] as const)('a %s on a known channel is 200 and a signed 000005, in time, logged once', async (_, build) => {
    const authority = await afterwards(out)
    const began = performance.now()
    expect(await send(authority, build())).toEqual({ status: 200, signed: true, code: '000005' })
    expect(performance.now() - began).toBeLessThan(DEADLINE + 300)
    expect(desk.lines.slice(heard)).toEqual([
      {
        level: 'error',
        event: 'callback_failed',
        detail: expect.objectContaining({ error: expect.any(String) }),
      },
      {
        level: 'info',
        event: 'request',
        detail: expect.objectContaining({ channel: 'huawei', code: '000005', why: 'outage' }),
      },
    ])
  })

  test('a forged call is still 000001, a malformed one 000002', async () => {
    const authority = await afterwards(out)
    const forged = { ...purchase(), url: purchase().url.replace(/authToken=../, 'authToken=xx') }
    expect(await send(authority, forged)).toMatchObject({ status: 200, signed: true, code: '000001' })
    const late = desk.caller.expireLicense(
      { orderId: 'P', instanceId: 'x' },
      { ...desk.moment(), nowMs: desk.clock.nowMs() - 901_000 },
    )
    expect(await send(authority, late)).toMatchObject({ status: 200, code: '000002' })
  })

  test('an unknown channel is 404', async () => {
    const app = createApp(await afterwards(out), { ...OPTIONS, callbackDeadline: DEADLINE })
    expect((await app.request('/callbacks/nobody')).status).toBe(404)
  })

  test('before anything was read, a channel is not known: 503', async () => {
    const { store, crypto, sealing, retiredKeys } = desk.authority
    const dead = new Proxy(store, { get: () => out })
    const configuration = createConfiguration(dead, crypto, sealing, retiredKeys)
    const app = createApp(
      { ...desk.authority, store: dead, configuration },
      { ...OPTIONS, callbackDeadline: DEADLINE },
    )
    const response = await app.request('/callbacks/huawei?a=1')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
  })
})

test('what was last known signs an apology and sells nothing', async () => {
  const orderId = desk.newOrder()
  const call = desk.caller.getLicense(
    { ...PURCHASE, orderId },
    { ...desk.moment(), nowMs: desk.clock.nowMs() },
  )
  const { store, crypto, sealing, retiredKeys } = desk.authority
  let broken = false
  // Only the look at the configuration fails: the rest of the store would work.
  const failing = { ...store, generation: () => (broken ? thrown() : store.generation()) }
  const configuration = createConfiguration(failing, crypto, sealing, retiredKeys)
  await configuration.current(desk.clock.now() - 5)
  broken = true
  expect(await send({ ...desk.authority, store: failing, configuration }, call)).toMatchObject({
    code: '000005',
  })
  expect(await store.byOrder('huawei', { id: orderId, line: '' })).toBeNull()
  expect(desk.known.has(ACCESS_KEY)).toBe(true)
})

test('validation and keys are 503 while the store throws, without a stack', async () => {
  const app = createApp(await afterwards(thrown), OPTIONS)
  const question = { method: 'POST', body: '{"code":"x"}', headers: { 'content-type': 'application/json' } }
  for (const response of [await app.request('/v1/validate', question), await app.request('/v1/keys')]) {
    expect(response.status).toBe(503)
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code: 'unavailable' })
    expect(text).not.toMatch(/fire|\.ts|at /)
  }
  expect((await app.request('/healthz')).status).toBe(200)
  expect((await app.request('/readyz')).status).toBe(503)
})
