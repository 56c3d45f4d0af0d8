import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { createConfiguration } from '../../src/authority/configuration.ts'
import type { ListedLicense } from '../../src/authority/list-store.ts'
import { readiness } from '../../src/authority/readiness.ts'
import { createApp } from '../../src/http/app.ts'
import { type Desk, openDesk, withStore } from '../authority/desk.ts'
import { OPTIONS } from './server.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const get = (path = 'cad-pro', authority = desk.authority, method = 'GET') =>
  createApp(authority, OPTIONS).request(`/v1/revocations/${path}`, { method })

describe('GET /v1/revocations/{product} has no list', () => {
  test.each([
    'cad-lite',
    '1002',
    '0',
    'CAD-PRO',
    'cad-pro/',
    '1001.0',
    '99999999999',
    '%20cad-pro',
    '%00',
    '..%2fkeys',
  ])('of a product that is not sold here: %s', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not_found' })
  })

  test('for another method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const response = await get('cad-pro', desk.authority, method)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, HEAD')
    }
  })

  test('while no key may sign it; readiness warns and stays ready', async () => {
    const keys = (await desk.authority.store.keys()).filter(({ usage }) => usage !== 'lists')
    const authority = configured(withStore(desk.authority, { keys: async () => keys }))
    const response = await get('cad-pro', authority)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
    const { status, warnings } = await readiness(authority, 0)
    expect(status).toBe('ok')
    expect(warnings).toContainEqual({ warning: 'no_usable_list_key', count: 1 })
    const { warnings: usual } = await readiness(desk.authority, 0)
    expect(usual.map(({ warning }) => warning)).not.toContain('no_usable_list_key')
  })

  test('when it would be longer than 4 MiB; support is told once a day', async () => {
    const many = Array.from({ length: 90_000 }, (_, i): ListedLicense => {
      return { id: i.toString(16).padStart(16, '0'), minRevision: 12, why: 'superseded', until: null }
    })
    const listed = vi.fn(async (_product: number, _now: number, limit: number) => many.slice(0, limit))
    const authority = withStore(desk.authority, { listed })
    const app = createApp(authority, OPTIONS)
    for (let call = 0; call < 3; call++) {
      expect((await app.request('/v1/revocations/cad-pro')).status).toBe(503)
      desk.clock.time += 2
    }
    expect(listed).toHaveBeenCalledTimes(1)
    const due = await desk.authority.store.dueAlerts(desk.clock.time, 10)
    expect(due.map(({ alert }) => [alert.kind, alert.detail])).toEqual([
      ['list_too_long', { product: 'cad-pro' }],
    ])
    expect((await desk.authority.store.listState(1001)).published).toBeNull()
  })

  test('when other processes keep giving out lists, and none either when the store is out', async () => {
    const contended = withStore(desk.authority, { publishList: async () => 'conflict' })
    const out = withStore(desk.authority, { listState: () => Promise.reject(new Error('disk')) })
    for (const authority of [contended, out]) {
      const response = await get('cad-pro', authority)
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ code: 'unavailable' })
    }
  })
})

describe('who asks for the list again and again', () => {
  test('costs one look at one row a second, and no signature', async () => {
    const listState = vi.fn(desk.authority.store.listState)
    const listed = vi.fn(desk.authority.store.listed)
    const app = createApp(withStore(desk.authority, { listState, listed }), OPTIONS)
    const ask = async () => (await app.request('/v1/revocations/cad-pro')).text()
    const texts = new Set(await Promise.all(Array.from({ length: 200 }, ask)))
    expect(texts.size).toBe(1)
    expect([listState.mock.calls.length, listed.mock.calls.length]).toEqual([1, 1])
    desk.clock.time += 1
    await Promise.all(Array.from({ length: 200 }, ask))
    expect([listState.mock.calls.length, listed.mock.calls.length]).toEqual([2, 1])
  })
})

/** The same, reading its keys from the changed store. */
function configured(authority: Authority): Authority {
  const { store, crypto, sealing } = authority
  return { ...authority, configuration: createConfiguration(store, crypto, sealing, authority.retiredKeys) }
}
