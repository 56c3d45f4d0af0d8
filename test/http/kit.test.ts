import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { never, withStore } from '../authority/desk.ts'
import { departmentsOf, type KitDesk, openKitDesk, tenantOf, userOf, usersOf } from '../authority/kit-desk.ts'
import { head, type Listening, listen, OPTIONS, parsed, pause } from './server.ts'

const LIMIT = 256 * 1024
const DEADLINE = 400

let desk: KitDesk
let server: Listening
beforeAll(async () => {
  desk = await openKitDesk()
  server = await listen(desk.authority, { callbackDeadline: DEADLINE })
})
afterAll(async () => {
  await server.close()
  await desk.close()
})

let tenant: string
let tenants = 0
beforeEach(() => {
  tenant = `tenant-${++tenants}`
})

const BASE = '/callbacks/huawei/produceAPI'
const SUCCESS = { resultCode: '000000', resultMsg: 'success.' }
const REFUSED = { resultCode: '000002', resultMsg: 'request parameter is invalid.' }
const sync = (version: 1 | 2 = 2) => desk.kit[version].tenantSync(tenantOf(tenant), desk.moment())

/** The result, once the answer is what every answer to a callback is. */
async function resultOf(response: Response): Promise<object> {
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  const text = await response.text()
  expect(desk.caller.bodySignHolds(text, response.headers.get('body-sign'))).toBe(true)
  return JSON.parse(text)
}

test.each([1, 2] as const)('version %i is kept over HTTP', async (version) => {
  expect(await resultOf(await server.call(sync(version)))).toEqual(SUCCESS)
  expect(await desk.kept(tenant)).toHaveLength(1)
})

test('an answer carries the request id that the log has, with the route and not the address', async () => {
  const response = await server.call(sync())
  const requestId = response.headers.get('x-request-id')
  expect(desk.lines.at(-1)).toMatchObject({
    event: 'request',
    detail: { requestId, route: '/callbacks/:channel/*', activity: 'tenantSync', code: '000000' },
  })
})

describe('an answer is HTTP 200, JSON, with a signed result', () => {
  test.each([
    ['to nothing', 'POST', '/v2/tenantSync', {}, '000001'],
    ['to nothing of version 1', 'POST', '/tenantSync', {}, '000001'],
    ['to a GET', 'GET', '/v2/tenantSync', {}, '000001'],
    ['to a lone signature', 'POST', '/v2/authSync', { 'x-sign': '00' }, '000002'],
    ['to a lone token', 'POST', '/authSync', { authToken: '00' }, '000002'],
    [
      'to a signature that is there twice',
      'POST',
      '/v2/authSync',
      [
        ['x-sign', '0'],
        ['x-sign', '0'],
      ],
      '000002',
    ],
  ] as [string, string, string, HeadersInit, string][])('%s', async (_, method, path, headers, code) => {
    const response = await fetch(`${server.url}${BASE}${path}`, { method, headers })
    expect(await resultOf(response)).toMatchObject({ resultCode: code })
  })

  test('to another content type', async () => {
    const call = sync()
    const headers = { ...call.headers, 'Content-Type': 'text/plain' }
    expect(await resultOf(await server.call({ ...call, headers }))).toEqual(REFUSED)
    expect(await desk.kept(tenant)).toEqual([])
  })
})

describe('an address of no kit is 404, and nothing is signed', () => {
  test.each([
    '/callbacks/nobody/produceAPI/v2/tenantSync',
    '/callbacks//produceAPI/v2/tenantSync',
    `${BASE}/v2/`,
    `${BASE}/v2`,
    `${BASE}/v2/tenantsync`,
    `${BASE}/v2/tenantSync/`,
    `${BASE}/v2/tenantSync/x`,
    `${BASE}/v2/%74enantSync/`,
    `${BASE}/v3/tenantSync`,
    `${BASE}/v2/constructor`,
    '/callbacks/huawei/v2/tenantSync',
    '/callbacks/huawei//produceAPI/v2/tenantSync',
  ])('%s', async (path) => {
    const { headers, body } = sync()
    const response = await fetch(server.url + path, { method: 'POST', headers, body })
    expect(response.headers.get('body-sign')).toBeNull()
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not_found' })
    expect(await desk.kept(tenant)).toEqual([])
  })
})

test.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is 405, and is not done', async (method) => {
  const { headers, body } = sync()
  const response = await fetch(`${server.url}${BASE}/v2/tenantSync`, {
    method,
    headers,
    ...(method !== 'HEAD' && { body }),
  })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, POST')
  expect(await desk.kept(tenant)).toEqual([])
})

describe('a body', () => {
  /** A signed call of exactly this many bytes. */
  function callOf(bytes: number): HuaweiCall {
    const build = (padding: string) =>
      desk.kit[2].post('tenantSync', { ...tenantOf(tenant), padding }, desk.moment())
    const short = Buffer.byteLength(build('').body!)
    return build('x'.repeat(bytes - short))
  }

  test('of 256 KiB is read, one of a byte more is 000002', async () => {
    expect(await resultOf(await server.call(callOf(LIMIT + 1)))).toEqual(REFUSED)
    expect(await desk.kept(tenant)).toEqual([])
    expect(await resultOf(await server.call(callOf(LIMIT)))).toEqual(SUCCESS)
  })

  test('that does not come in time is 000002 by the deadline', async () => {
    const { headers } = sync()
    const wire = server.connect()
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    wire.socket.write(`${head(`POST ${BASE}/v2/tenantSync`, ...lines, 'Content-Length: 500')}{"tenantId"`)
    await pause(DEADLINE + 300)
    const { status, body } = parsed(wire.heard())
    expect(status).toBe(200)
    expect(JSON.parse(body)).toEqual(REFUSED)
    wire.socket.destroy()
  })

  test('full of users or departments is kept well within the time of an answer', async () => {
    const name = '张'.repeat(60)
    const userList = JSON.stringify(
      Array.from({ length: 500 }, (_, n) => ({ ...userOf('u'), userName: `u${n}`, name, orgCode: 'o' })),
    )
    const departments = departmentsOf(tenant, ...Array.from({ length: 4500 }, (_, n) => `${n}`))
    for (const call of [
      desk.kit[2].authSync({ ...usersOf(tenant), userList }, desk.moment()),
      desk.kit[2].allOrgSync(departments, desk.moment()),
    ]) {
      expect(Buffer.byteLength(call.body!)).toBeGreaterThan(LIMIT * 0.5)
      expect(await resultOf(await (await listenLong()).call(call))).toEqual(SUCCESS)
    }
    expect(await desk.kept(tenant)).toHaveLength(5000)
  })
})

let long: Listening | null = null
/** With the deadline of a real server. */
async function listenLong(): Promise<Listening> {
  long ??= await listen(desk.authority)
  return long
}
afterAll(() => long?.close())

test('a store that hangs is a signed 000005 by the deadline', async () => {
  const hanging = withStore(desk.authority, { commit: () => never() })
  const app = createApp(hanging, { ...OPTIONS, callbackDeadline: 60 })
  const { url, headers, body, method } = sync()
  const response = await app.request(new URL(url).pathname, { method, headers, body })
  expect(await resultOf(response)).toMatchObject({ resultCode: '000005' })
})
