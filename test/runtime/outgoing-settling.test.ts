import { afterEach, expect, onTestFinished, test } from 'vitest'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { reviveAllDead, reviveCall } from '../../src/authority/outgoing/revive.ts'
import { commitSettled } from '../../src/authority/outgoing/settle.ts'
import { SETTLING } from '../../src/authority/outgoing/settling.ts'
import { MOST_TRIES } from '../../src/authority/outgoing/waiting.ts'
import { startRounds } from '../../src/runtime/rounds.ts'
import { createTransport } from '../../src/runtime/transport.ts'
import { json } from '../support/fake-huawei/open-api.ts'
import { outside } from './outgoing-kit.ts'

const query = { type: 'query_code', code: 'PL0001' } as const

const registry = SETTLING as { query_code: (typeof SETTLING)['query_code'] }
const original = registry.query_code
afterEach(() => {
  registry.query_code = original
})

test('what follows from an answer is there exactly when the call is done', async () => {
  const { instance, queue, deliver, entry } = await outside()
  const alert = { kind: 'key_window', key: 'k', detail: {}, at: instance.clock.time } as const
  registry.query_code = async (authority, { queued, call }, { code }) => {
    expect([call.code, code.status]).toEqual(['PL0001', 'alive'])
    // A process that stood still: another has begun the call again.
    expect(await commitSettled(authority, { ...queued, attempts: 0 }, { alerts: [alert] })).toBe('conflict')
    expect(await authority.store.dueAlerts(instance.clock.time, 9)).toEqual([])
    expect(await commitSettled(authority, queued, { alerts: [alert] })).toBe('committed')
    return { type: 'settled' }
  }
  const id = await queue(query)
  await deliver()
  expect(await entry(id)).toMatchObject({ state: 'done' })
  expect(await instance.authority.store.dueAlerts(instance.clock.time, 9)).toMatchObject([{ alert }])
})

test('an answer that cannot be used yet is asked for again', async () => {
  const { queue, deliverFor, far, entry } = await outside()
  registry.query_code = async (...given) =>
    far.received.length < 3 ? { type: 'again', why: 'no_end' } : original(...given)
  const id = await queue(query)
  await deliverFor(1)
  expect(await entry(id)).toMatchObject({ state: 'waiting', error: 'no_end' })
  await deliverFor(12)
  expect(await entry(id)).toMatchObject({ state: 'done', attempts: 3 })
})

test('a mistake of ours with one answer leaves the others alone, and ends in a dead call', async () => {
  const { instance, queue, deliver, entry, far } = await outside()
  registry.query_code = async () => {
    throw new Error('canary of a mistake')
  }
  const id = await queue(query)
  const other = await queue({ type: 'upload_license', event: 'E', text: 'T' })
  await deliver()
  expect(await entry(other)).toMatchObject({ state: 'done' })
  expect(await entry(id)).toMatchObject({ state: 'waiting', attempts: 1 })
  for (let n = 1; n < MOST_TRIES; n++) {
    instance.clock.time += 60
    await deliver()
  }
  expect(await entry(id)).toMatchObject({ state: 'dead', error: 'failed_here' })
  expect(far.received).toHaveLength(MOST_TRIES + 1)
  expect(JSON.stringify(instance.lines)).not.toContain('canary')
})

test('a dead call is made again when somebody says so, with all its tries before it', async () => {
  const { instance, queue, deliver, entry, far } = await outside()
  const { authority } = instance
  const ids = [await queue(query, 'a'), await queue(query, 'b')]
  far.next(...ids.map(() => json(200, { error_code: '92020002' })))
  await deliver()
  expect(await reviveCall(authority, ids[0]!)).toEqual({ ok: true, value: null })
  await deliver()
  expect(await entry(ids[0]!)).toMatchObject({ state: 'done', attempts: 1 })
  expect(await reviveCall(authority, ids[0]!)).toMatchObject({ no: { reason: 'call_not_dead' } })
  expect(await reviveCall(authority, '0'.repeat(16))).toMatchObject({ no: { reason: 'unknown_call' } })
  expect(await reviveAllDead(authority)).toBe(1)
  await deliver()
  expect(await entry(ids[1]!)).toMatchObject({ state: 'done' })
  expect(await reviveAllDead(authority)).toBe(0)
})

test('two processes at once make each call once', async () => {
  const { instance, queue, far } = await outside()
  const second = await instance.reopen()
  onTestFinished(() => second.close())
  for (let n = 0; n < 20; n++) await queue({ type: 'upload_license', event: `E${n}`, text: 'T' }, `${n}`)
  const both = [instance, second].map(({ authority }) => deliverCalls(authority, createTransport()))
  await Promise.all(both)
  expect(far.received).toHaveLength(20)
  expect(far.uploads.size).toBe(20)
})

test('a running server makes the calls, and stops although the marketplace is silent', async () => {
  const { instance, queue, far, entry } = await outside()
  const id = await queue(query)
  const rounds = startRounds(instance.authority, null)
  await expect.poll(() => entry(id), { timeout: 8_000 }).toMatchObject({ state: 'done' })
  far.next(() => undefined)
  const silent = await queue(query, 'silent')
  await expect.poll(() => far.received.length, { timeout: 8_000 }).toBe(2)
  const begun = performance.now()
  await rounds.stop()
  expect(performance.now() - begun).toBeLessThan(3_000)
  expect(await entry(silent)).toMatchObject({ state: 'waiting', error: 'stopping' })
})
