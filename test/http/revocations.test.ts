import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { operate } from '../../src/authority/operate.ts'
import type { Command } from '../../src/domain/commands.ts'
import { createApp } from '../../src/http/app.ts'
import { engine, openTrustSync } from '../../src/verify/node.ts'
import { createSyncObjectVerifier } from '../../src/verify/since.ts'
import { type Desk, openDesk, withStore } from '../authority/desk.ts'
import { NOON } from '../support/instance.ts'
import { listen, OPTIONS } from './server.ts'

let desk: Desk
let app: ReturnType<typeof createApp>
beforeEach(async () => {
  desk = await openDesk()
  app = createApp(desk.authority, OPTIONS)
})
afterEach(() => desk.close())

const CODE = '/v1/revocations/cad-pro'
const get = (path = CODE, headers: Record<string, string> = {}, on = app) => on.request(path, { headers })

/** The claims, as software that pinned the root of this instance reads them. */
async function claims(on = app) {
  const text = await (await get(CODE, {}, on)).text()
  const keys = await (await on.request('/v1/keys')).json()
  const trust = openTrustSync(keys.roots)
  if (!trust.ok) throw new Error(trust.why)
  const checked = createSyncObjectVerifier(engine).verifyListSync(text, trust.trust, {
    now: desk.clock.now(),
    product: { id: 1001, code: 'cad-pro' },
    certificates: keys.certificates,
  })
  if (!checked.ok) throw new Error(checked.reason)
  return checked.claims
}

async function change(id: string, command: Command, authority: Authority = desk.authority) {
  const by = { who: 'operator', reason: null }
  const done = await operate(authority, { id }, command, by)
  if (!done.ok) throw new Error(done.no.reason)
}

const FREEZE: Command = { type: 'freeze', cause: 'operator' }

describe('GET /v1/revocations/{product}', () => {
  test('is a signed list of nothing, where nothing is to be refused', async () => {
    await desk.buy()
    const response = await get()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/jwt')
    expect(response.headers.get('cache-control')).toBe('public, max-age=60')
    expect(response.headers.get('etag')).toBe(`"${NOON}"`)
    expect(await claims()).toEqual({
      iss: 'https://licenses.example.com',
      aud: 'cad-pro',
      number: NOON,
      iat: NOON,
      next_update: NOON + 86_400,
      root: 1,
      entries: [],
    })
  })

  test('answers to the id of the product too, with the same bytes', async () => {
    expect(await (await get('/v1/revocations/1001')).text()).toBe(await (await get()).text())
  })

  test('is verified by any JOSE library', async () => {
    const set = createLocalJWKSet(await (await app.request('/.well-known/jwks.json')).json())
    const { payload } = await jwtVerify(await (await get()).text(), set, {
      algorithms: ['EdDSA'],
      typ: 'license-revocations+jwt',
      audience: 'cad-pro',
      currentDate: new Date(NOON * 1000),
    })
    expect(payload.entries).toEqual([])
  })

  test('tells what happened, within a second, under a higher number and of a later time', async () => {
    const frozen = (await desk.buy()).instance
    const leaked = (await desk.buy({ orderId: desk.newOrder() })).instance
    const first = await claims()
    await change(frozen, FREEZE)
    await change(leaked, { type: 'reissue', leaked: true })
    desk.clock.time += 1
    const second = await claims()
    const entries = [
      [frozen, 2, 'frozen'],
      [leaked, 2, 'superseded'],
    ].sort()
    expect(second.entries).toEqual(entries)
    expect(second.number).toBeGreaterThan(first.number)
    expect(second.iat).toBeGreaterThan(first.iat)
    await change(frozen, { type: 'reinstate' })
    await change(leaked, { type: 'release' })
    desk.clock.time += 1
    const third = await claims()
    expect(third.entries).toEqual([[leaked, 3, 'released']])
    expect(third.number).toBeGreaterThan(second.number)
  })

  test('is signed when it says something new, not when somebody asks', async () => {
    const first = await (await get()).text()
    desk.clock.time += 3_600
    expect(await (await get()).text()).toBe(first)
    desk.clock.time += 9 * 3_600
    await desk.buy()
    expect(await (await get()).text()).toBe(first)
    desk.clock.time += 2 * 3_600
    expect((await claims()).next_update).toBe(desk.clock.time + 86_400)
  })

  test('lets an entry go when the codes it speaks of have run out', async () => {
    const { instance } = await desk.buy()
    await change(instance, FREEZE)
    desk.clock.time = NOON + 33 * 86_400 - 3_600
    expect((await claims()).entries).toHaveLength(1)
    desk.clock.time += 3_599
    expect((await claims()).entries).toHaveLength(1)
    desk.clock.time += 1
    expect((await claims()).entries).toEqual([])
  })

  test('is the same from another process, which sees at once what this one does not', async () => {
    const { instance } = await desk.buy()
    const first = await (await get()).text()
    const other = await desk.reopen()
    const there = createApp(other.authority, OPTIONS)
    expect(await (await get(CODE, {}, there)).text()).toBe(first)
    await change(instance, FREEZE, other.authority)
    desk.clock.time += 1
    expect((await claims()).entries).toHaveLength(1)
    expect(await (await get(CODE, {}, there)).text()).toBe(await (await get()).text())
    await other.close()
  })

  test('never has a number again that was given before, also from an older copy of the database', async () => {
    const { instance } = await desk.buy()
    await change(instance, FREEZE)
    const given = await claims()
    desk.clock.time += 60
    const published = { number: 3, issuedAt: NOON - 90_000, digest: 'older' }
    const listState = async () => ({ changes: 0, published })
    const restored = withStore(desk.authority, { listState, publishList: async () => 'committed' })
    expect((await claims(createApp(restored, OPTIONS))).number).toBeGreaterThan(given.number)
  })

  test('is not sent again to who has it', async () => {
    const etag = (await get()).headers.get('etag')!
    for (const sent of [etag, `W/${etag}`, `"1", ${etag}`, '*']) {
      const response = await get(CODE, { 'if-none-match': sent })
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(etag)
      expect(await response.text()).toBe('')
    }
    const server = await listen(desk.authority)
    const headers = { 'if-none-match': etag }
    const { status } = await fetch(server.url + CODE, { headers, cache: 'no-store' })
    await server.close()
    expect(status).toBe(304)
    for (const sent of ['"1"', etag.slice(1, -1), '']) {
      expect((await get(CODE, { 'if-none-match': sent })).status).toBe(200)
    }
  })
})
