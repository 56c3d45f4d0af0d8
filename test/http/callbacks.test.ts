import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Desk, inDays, openDesk, PURCHASE } from '../authority/desk.ts'
import { type FakeHuawei, fakeHuawei } from '../support/fake-huawei/index.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { head, type Listening, listen, parsed } from './server.ts'

let desk: Desk
let server: Listening
let huawei: FakeHuawei
beforeAll(async () => {
  desk = await openDesk()
  server = await listen(desk.authority)
  huawei = fakeHuawei({
    address: `${server.url}/callbacks/huawei`,
    accessKey: ACCESS_KEY,
    timeCompression: 3_600_000,
    nowMs: desk.clock.nowMs.bind(desk.clock),
  })
})
afterAll(async () => {
  await server.close()
  await desk.close()
})

let orderId: string
beforeEach(() => {
  desk.clock.time += 1
  orderId = desk.newOrder()
})

test('the life of a license over HTTP, as the marketplace counts it', async () => {
  const sold = await huawei.getLicense({ ...PURCHASE, orderId })
  expect(sold).toMatchObject({ delivered: true, status: 200, instanceId: expect.any(String) })
  expect(desk.verdictOf(sold.license!)).toMatchObject({ valid: true })
  const end = { orderId, instanceId: sold.instanceId! }
  const renewal = { ...end, orderId: desk.newOrder(), expireTime: inDays(60) }
  expect(await huawei.refreshLicense(renewal)).toMatchObject({ delivered: true })
  const code = { license: sold.instanceId! }
  expect(await huawei.updateLicenseCodeStatus({ ...code, status: 'FREEZE' })).toMatchObject({
    delivered: true,
  })
  expect(await huawei.updateLicenseCodeStatus({ ...code, status: 'UNFREEZE' })).toMatchObject({
    delivered: true,
  })
  expect(await huawei.expireLicense(end)).toMatchObject({ delivered: true })
  expect(await huawei.releaseLicenseCode(code)).toMatchObject({ delivered: true })
  expect(await desk.authority.store.byId(sold.instanceId!)).toMatchObject({ status: 'released', revision: 6 })
})

test('fifty parallel deliveries of one purchase are one license and fifty equal answers', async () => {
  const deliveries = await Promise.all(
    Array.from({ length: 50 }, () =>
      huawei.send(huawei.caller.getLicense({ ...PURCHASE, orderId }, huawei.moment())),
    ),
  )
  expect(new Set(deliveries.map(({ body }) => body)).size).toBe(1)
  expect(deliveries[0]).toMatchObject({ failure: null })
})

describe('an answer', () => {
  test.each([
    ['to nothing', 'GET', '', null, '000001'],
    ['to a lone authToken', 'GET', '?authToken=AAAA', null, '000002'],
    ['to an empty POST', 'POST', '', '', '000001'],
    ['to a repeated parameter', 'GET', '?authToken=a&a=1&a=2', null, '000002'],
    ['to a name that is none', 'GET', '?authToken=a&a%20b=1', null, '000002'],
    ['to a broken encoding', 'GET', '?authToken=a&a=%E0%A4', null, '000002'],
    ['to a stale timestamp', 'POST', '?signature=00&timestamp=1700000000000&nonce=12345678', '{}', '000002'],
    ['to a short nonce', 'POST', '?signature=00&timestamp=1700000000000&nonce=1', '{}', '000002'],
  ])('%s is HTTP 200, JSON, with a signed result', async (_, method, query, body, code) => {
    const response = await fetch(`${server.url}/callbacks/huawei${query}`, { method, body })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const text = await response.text()
    expect(JSON.parse(text)).toEqual({ resultCode: code, resultMsg: expect.any(String) })
    expect(desk.caller.bodySignHolds(text, response.headers.get('body-sign'))).toBe(true)
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  })

  test('carries the request id that the log has', async () => {
    const response = await server.call(desk.caller.expireLicense({ orderId, instanceId: 'x' }, desk.moment()))
    const requestId = response.headers.get('x-request-id')
    expect(desk.lines.at(-1)).toMatchObject({
      event: 'request',
      detail: { requestId, channel: 'huawei', activity: 'expireLicense', code: '000003' },
    })
  })

  test('does not tell which check failed', async () => {
    const call = desk.caller.expireLicense({ orderId, instanceId: 'x' }, desk.moment())
    const wrongKey = { ...call, url: call.url.replace('instanceId=x', 'instanceId=y') }
    const noKey = { ...call, url: call.url.replace(/authToken=[^&]*/, 'authToken=') }
    const bodies = await Promise.all([wrongKey, noKey].map(async (one) => (await server.call(one)).text()))
    expect(bodies[0]).toBe(bodies[1])
  })
})

const signedPost = (fields: Record<string, unknown> = {}) =>
  desk.caller.post(
    { activity: 'updateLicenseCodeStatus', license: `PL${orderId}`, status: 'UNFREEZE', ...fields },
    desk.moment(),
  )

describe('a POST', () => {
  const code = async (response: Response) => (await response.json()).resultCode

  test.each([
    'application/json',
    'application/json;charset=utf-8',
    'Application/JSON ; charset=utf8',
  ])('of type %s is read', async (type) => {
    const call = signedPost()
    expect(await code(await server.call({ ...call, headers: { 'content-type': type } }))).toBe('000000')
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'multipart/form-data',
  ])('of type %s is 000002', async (type) => {
    const call = signedPost()
    expect(await code(await server.call({ ...call, headers: { 'content-type': type } }))).toBe('000002')
  })

  test('by PUT is 405, and is not done', async () => {
    const { url, body } = signedPost()
    const { search } = new URL(url)
    const response = await fetch(`${server.url}/callbacks/huawei${search}`, { method: 'PUT', body })
    expect(response.status).toBe(405)
    expect(await desk.authority.store.byInstance('huawei', `PL${orderId}`)).toBeNull()
  })
})

describe('the query is judged as it stood in the request line', () => {
  /** Sends a GET whose target no URL object has touched. */
  async function get(query: string) {
    const wire = server.connect()
    wire.socket.write(head(`GET /callbacks/huawei?${query}`))
    await wire.closed
    return JSON.parse(parsed(wire.heard()).body)
  }

  test('whatever a URL object would make of its spelling', async () => {
    const call = desk.caller.getLicense({ ...PURCHASE, orderId, customerName: "O'Neil <张>" }, desk.moment())
    const respelled = call.url
      .slice(call.url.indexOf('?') + 1)
      .replaceAll('%27', "'")
      .replaceAll('%3C', '<')
    expect(respelled).toContain("'Neil+<")
    expect(await get(respelled)).toMatchObject({ resultCode: '000000' })
  })

  test('also in lower-case hex and with a needless escape', async () => {
    const call = desk.caller.getLicense({ ...PURCHASE, orderId }, desk.moment())
    const query = call.url.slice(call.url.indexOf('?') + 1)
    const respelled = query
      .replace('customer-1', 'custome%72-1')
      .replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())
    expect(await get(respelled)).toMatchObject({ resultCode: '000000' })
  })

  test('also from an absolute request target', async () => {
    const call = desk.caller.getLicense({ ...PURCHASE, orderId }, desk.moment())
    const wire = server.connect()
    wire.socket.write(head(`GET ${call.url}`))
    await wire.closed
    expect(JSON.parse(parsed(wire.heard()).body)).toMatchObject({ resultCode: '000000' })
  })
})
