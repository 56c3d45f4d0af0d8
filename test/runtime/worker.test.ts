import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import worker from '../../src/runtime/worker.ts'
import type { WorkerEnv } from '../../src/runtime/worker-instance.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { authorityOn, foundOnD1, SEALED_UNDER } from '../support/d1-instance.ts'

let d1: LocalD1
let lines: string[]
beforeAll(async () => {
  d1 = await startD1()
})
afterAll(() => d1.close())
beforeEach(async () => {
  await d1.empty()
  lines = []
  for (const level of ['debug', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(String(line)))
})
afterEach(() => vi.restoreAllMocks())

const SECRETS = {
  LICET_MASTER_KEY: 'A'.repeat(43),
  LICET_OPERATOR_TOKEN: 'operator-token-of-the-tests-000001',
}
const GOOD = { LICET_PUBLIC_URL: 'https://licet.example', ...SECRETS }

const envOf = (variables: Record<string, string>): WorkerEnv => ({ ...variables, DB: d1.binding })
const context = { waitUntil: () => undefined }

const ask = (path: string, env: WorkerEnv, init: RequestInit = {}) =>
  worker.fetch(new Request(`https://licet.example${path}`, init), env, context)

describe('a Worker', () => {
  it('answers that it lives', async () => {
    expect((await ask('/healthz', envOf(GOOD))).status).toBe(200)
  })

  it('is not ready without keys, and says why', async () => {
    const response = await ask('/readyz', envOf(GOOD))
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'unavailable' })
  })

  it('lets a write that it began go on after the answer of its own request', async () => {
    const waitUntil = vi.fn()
    const env = envOf(GOOD)
    await worker.fetch(new Request('https://licet.example/readyz'), env, { waitUntil })
    expect(waitUntil).toHaveBeenCalledTimes(1)
    const later = vi.fn()
    await worker.fetch(new Request('https://licet.example/readyz'), env, { waitUntil: later })
    expect([waitUntil.mock.calls.length, later.mock.calls.length]).toEqual([1, 1])
  })

  it('is not ready on tables of another version, and logs what to do', async () => {
    await d1.binding.prepare("update settings set value = '1' where name = 'schema_version'").all()
    expect((await ask('/readyz', envOf(GOOD))).status).toBe(503)
    expect(lines.join()).toContain('schema version 1')
  })

  it('answers 503 while its configuration is wrong, and logs the variable without its value', async () => {
    const env = envOf({ ...GOOD, LICET_ALERT_URL: 'no-url-at-all' })
    const response = await ask('/healthz', env)
    expect(response.status).toBe(503)
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
    expect(lines.join()).toContain('LICET_ALERT_URL')
    expect(lines.join()).not.toContain('no-url-at-all')
    await worker.scheduled(null, env, context)
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ level: 'error', event: 'misconfigured' })
  })

  it('has a door for the operator with the token, also before there is a master key', async () => {
    const { LICET_MASTER_KEY: _, ...without } = GOOD
    const headers = { authorization: `Bearer ${GOOD.LICET_OPERATOR_TOKEN}` }
    const body = JSON.stringify({ ask: 'landed', token: '0'.repeat(25) })
    const response = await ask('/v1/operator', envOf(without), { method: 'POST', headers, body })
    expect(await response.json()).toEqual({ landed: false })
  })

  it.each([
    ['https://licenses.example.com/', 'https://licenses.example.com'],
    ['licenses.example.com', null],
    ['', null],
  ])('tells the operator the address that it signs as: "%s"', async (given, publicUrl) => {
    const headers = { authorization: `Bearer ${GOOD.LICET_OPERATOR_TOKEN}` }
    const asked = { method: 'POST', headers, body: JSON.stringify({ ask: 'public_url' }) }
    const response = await ask('/v1/operator', envOf({ ...GOOD, LICET_PUBLIC_URL: given }), asked)
    expect(await response.json()).toEqual({ publicUrl })
  })

  it('has no such door without a token', async () => {
    const { LICET_OPERATOR_TOKEN: _, ...without } = GOOD
    expect((await ask('/v1/operator', envOf(without), { method: 'POST' })).status).toBe(404)
  })

  it('signs with no key that its variables name as ended, whatever the database says', async () => {
    await foundOnD1(d1.binding)
    const env = { ...GOOD, LICET_MASTER_KEY: SEALED_UNDER }
    expect((await ask('/readyz', envOf(env))).status).toBe(200)
    const codes = (await authorityOn(d1.binding).store.keys()).find(({ usage }) => usage === 'codes')!
    const ended = envOf({ ...env, LICET_RETIRED_KEYS: codes.kid })
    expect(await (await ask('/readyz', ended)).json()).toMatchObject({ reasons: ['no_usable_signing_key'] })
  })

  it('logs nothing of its secrets', async () => {
    const headers = { authorization: 'Bearer operator-token-of-somebody-else-01' }
    await ask('/v1/operator', envOf(GOOD), { method: 'POST', headers, body: '{}' })
    await ask('/v1/validate?secret=1', envOf(GOOD), { method: 'POST', body: '{}' })
    expect(lines.length).toBeGreaterThan(1)
    for (const secret of [...Object.values(SECRETS), 'somebody-else', 'secret=1'])
      expect(lines.join()).not.toContain(secret)
  })

  it('keeps quiet below the level it is given', async () => {
    await ask('/nowhere', envOf({ ...GOOD, LICET_LOG_LEVEL: 'warn' }))
    expect(lines).toEqual([])
  })

  it('leaves nothing held when a round of the cron trigger has ended', async () => {
    await worker.scheduled(null, envOf(GOOD), context)
    const { results } = await d1.binding.prepare('select name from leases').all()
    expect(results).toEqual([])
  })
})
