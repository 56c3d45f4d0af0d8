import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { type Desk, openDesk, PURCHASE } from '../authority/desk.ts'
import { type Trouble, type Troubled, troubled } from '../support/troubled-store.ts'
import { OPTIONS } from './server.ts'

const DEADLINE = 300

let desk: Desk
let code: string
beforeAll(async () => {
  desk = await openDesk()
  code = (await desk.buy()).license
})
afterAll(() => desk.close())

async function inTrouble(trouble: Trouble) {
  const given = await troubled(desk.authority)
  const app = createApp(given.authority, { ...OPTIONS, callbackDeadline: DEADLINE })
  given.become(trouble)
  desk.clock.time += 10
  return { ...given, ask: (path: string, init?: RequestInit) => timed(app, path, init) }
}

async function timed(app: ReturnType<typeof createApp>, path: string, init?: RequestInit) {
  const began = performance.now()
  const response = await app.request(path, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, took: performance.now() - began }
}

type Ask = Awaited<ReturnType<typeof inTrouble>>['ask']

const validate = (ask: Ask) =>
  ask('/v1/validate', {
    method: 'POST',
    body: JSON.stringify({ code }),
    headers: { 'content-type': 'application/json' },
  })

const QUESTIONS: readonly [string, (ask: Ask) => ReturnType<Ask>][] = [
  ['/v1/validate', validate],
  ['/v1/keys', (ask) => ask('/v1/keys')],
  ['/v1/revocations', (ask) => ask('/v1/revocations/cad-pro')],
  ['/.well-known/jwks.json', (ask) => ask('/.well-known/jwks.json')],
]

const purchase = (orderId: string) => desk.caller.getLicense({ ...PURCHASE, orderId }, desk.moment())

async function send(ask: Ask, { method, url, headers, body }: ReturnType<typeof purchase>) {
  const { pathname, search } = new URL(url)
  const { status, text, took, headers: answered } = await ask(pathname + search, { method, headers, body })
  expect(desk.caller.bodySignHolds(text, answered.get('body-sign'))).toBe(true)
  expect(status).toBe(200)
  return { code: JSON.parse(text).resultCode, took }
}

describe.each([
  ['hangs'],
  ['locked'],
  ['full'],
  ['read_only'],
  ['failed'],
] as const)('while the database is: %s', (trouble) => {
  test.each(QUESTIONS)('%s is 503 in time, and answers again when it is over', async (_, question) => {
    const { ask, become } = await inTrouble(trouble)
    const refused = await question(ask)
    expect(refused).toMatchObject({ status: 503 })
    expect(refused.took).toBeLessThan(DEADLINE + 1_000)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'unavailable', status: 503 })
    expect(refused.text).not.toContain('database')
    become('none')
    expect(await question(ask)).toMatchObject({ status: 200 })
  })

  test('/readyz is 503 with the reason in time, /healthz 200; and ready again when it is over', async () => {
    const { ask, become } = await inTrouble(trouble)
    const refused = await ask('/readyz')
    expect(refused.took).toBeLessThan(DEADLINE + 1_000)
    expect(refused.status).toBe(503)
    expect(JSON.parse(refused.text)).toEqual({
      status: 'unavailable',
      reasons: ['database_not_writable'],
      warnings: [],
    })
    expect(await ask('/healthz')).toMatchObject({ status: 200 })
    become('none')
    expect(await ask('/readyz')).toMatchObject({ status: 200 })
  })

  test('a purchase is 000005 in time, and the same order is sold when it is over', async () => {
    const { ask, become } = await inTrouble(trouble)
    const order = desk.newOrder()
    const refused = await send(ask, purchase(order))
    expect(refused).toMatchObject({ code: '000005' })
    expect(refused.took).toBeLessThan(DEADLINE + 1_000)
    become('none')
    expect(await send(ask, purchase(order))).toMatchObject({ code: '000000' })
  })
})

test('a call whose commit never ends does not keep the next ones of the same order waiting for ever', async () => {
  const { authority } = await troubled(desk.authority)
  let hangs = true
  const commit: Troubled['authority']['store']['commit'] = (batch) =>
    hangs ? new Promise(() => {}) : desk.authority.store.commit(batch)
  const store = { ...desk.authority.store, commit }
  const app = createApp({ ...authority, store }, { ...OPTIONS, callbackDeadline: DEADLINE })
  const ask: Ask = (path, init) => timed(app, path, init)
  const order = desk.newOrder()
  expect(await send(ask, purchase(order))).toMatchObject({ code: '000005' })
  hangs = false
  expect(await send(ask, purchase(order))).toMatchObject({ code: '000000' })
})

test('a look at a revocation list that never ends does not keep the next who asks waiting', async () => {
  let hangs = true
  const listState: Troubled['authority']['store']['listState'] = (product) =>
    hangs ? new Promise(() => {}) : desk.authority.store.listState(product)
  const store = { ...desk.authority.store, listState }
  const app = createApp({ ...desk.authority, store }, { ...OPTIONS, callbackDeadline: DEADLINE })
  const looks = [app.request('/v1/revocations/cad-pro'), app.request('/v1/revocations/cad-pro')]
  expect((await Promise.all(looks)).map(({ status }) => status)).toEqual([503, 503])
  hangs = false
  expect((await app.request('/v1/revocations/cad-pro')).status).toBe(200)
})

test('work that failed after its deadline is heard by nobody and ends no process', async () => {
  const { authority } = await troubled(desk.authority)
  const generation = () =>
    new Promise<never>((_, reject) => setTimeout(reject, DEADLINE + 40, new Error('late')))
  const failing = { ...desk.authority.store, generation, probe: generation }
  const late = {
    ...authority,
    store: failing,
    configuration: { ...authority.configuration, current: generation },
  }
  const app = createApp(late, { ...OPTIONS, callbackDeadline: DEADLINE })
  for (const path of ['/v1/keys', '/readyz']) expect((await app.request(path)).status).toBe(503)
  await new Promise((resolve) => setTimeout(resolve, DEADLINE))
})
