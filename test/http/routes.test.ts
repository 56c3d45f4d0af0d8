import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Desk, openDesk } from '../authority/desk.ts'
import { type Listening, listen } from './server.ts'

let desk: Desk
let server: Listening
beforeAll(async () => {
  desk = await openDesk()
  server = await listen(desk.authority)
})
afterAll(async () => {
  await server.close()
  await desk.close()
})

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']

const ROUTES: Readonly<Record<string, readonly string[]>> = {
  '/callbacks/huawei': ['GET', 'POST'],
  '/v1/activate': ['POST'],
  '/v1/validate': ['POST'],
  '/v1/keys': ['GET', 'HEAD'],
  '/.well-known/jwks.json': ['GET', 'HEAD'],
  '/v1/revocations/cad-pro': ['GET', 'HEAD'],
  '/healthz': ['GET', 'HEAD'],
  '/readyz': ['GET', 'HEAD'],
}

const wrong = Object.entries(ROUTES).flatMap(([path, allowed]) =>
  METHODS.filter((method) => !allowed.includes(method)).map((method) => [method, path, allowed] as const),
)

async function expectProblem(response: Response, status: number, code: string) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  return expect(await response.json()).toEqual({
    type: 'about:blank',
    title: expect.stringMatching(/\.$/),
    status,
    code,
  })
}

describe('every route', () => {
  test.each(wrong)('refuses %s %s', async (method, path, allowed) => {
    const response = await fetch(server.url + path, { method })
    expect(response.headers.get('allow')).toBe(allowed.join(', '))
    if (method !== 'HEAD') return expectProblem(response, 405, 'method_not_allowed')
    expect(response.status).toBe(405)
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
    expect(await response.text()).toBe('')
  })

  test.each(Object.entries(ROUTES))('%s carries a request id of its own', async (path, allowed) => {
    const ids = await Promise.all(
      [1, 2].map(async () =>
        (await fetch(server.url + path, { method: allowed[0]! })).headers.get('x-request-id'),
      ),
    )
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/)
    expect(new Set(ids).size).toBe(2)
  })

  test.each([
    '/v1/keys',
    '/.well-known/jwks.json',
    '/v1/revocations/cad-pro',
    '/healthz',
    '/readyz',
  ])('%s answers HEAD as GET, without a body', async (path) => {
    const [got, head] = [await fetch(server.url + path), await fetch(server.url + path, { method: 'HEAD' })]
    expect(head.status).toBe(got.status)
    expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'))
    expect(await head.text()).toBe('')
  })
})

describe('an unknown address is 404', () => {
  test.each([
    '/',
    '/callbacks',
    '/callbacks/',
    '/callbacks/nobody',
    '/callbacks/Huawei',
    '/callbacks/huawei/',
    '/callbacks/huawei/produceAPI',
    '/callbacks/%E0%A4%A',
    '/callbacks/__proto__',
    '/callbacks/constructor',
    '/v1',
    '/v1/validate/',
    '/v1/keys.json',
    '/v1/revocations',
    '/v1/revocations/',
    '/v1/revocations/cad-pro/1',
    '/v2/validate',
    '/.env',
    '/healthz/x',
  ])('%s', async (path) => {
    await expectProblem(await fetch(server.url + path), 404, 'not_found')
    await expectProblem(await fetch(server.url + path, { method: 'POST', body: 'x' }), 404, 'not_found')
  })
})

test('healthz says that the process answers', async () => {
  const response = await fetch(`${server.url}/healthz`)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: 'ok' })
})

test('a request id of the client is not taken over', async () => {
  const headers = { 'x-request-id': 'mine' }
  const response = await fetch(`${server.url}/healthz`, { headers })
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
})
