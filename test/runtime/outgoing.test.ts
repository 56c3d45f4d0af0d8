import { describe, expect, test } from 'vitest'
import type { OutgoingCall } from '../../src/authority/outgoing/port.ts'
import { MOST_TRIES } from '../../src/authority/outgoing/waiting.ts'
import { dueCalls } from '../support/due-calls.ts'
import { type Behaviour, json } from '../support/fake-huawei/open-api.ts'
import { NOON } from '../support/instance.ts'
import { IMPATIENT, ORDER, outside, PATIENT } from './outgoing-kit.ts'

const upload = { type: 'upload_license', event: 'EV/1', text: 'LC1-CANARY-TEXT' } as const
const query = { type: 'query_code', code: 'PL0001' } as const

describe('a call to the marketplace', () => {
  const CALLS: readonly OutgoingCall[] = [
    { type: 'query_order', order: 'CS1', line: null },
    upload,
    { ...upload, event: 'EV-2', text: 'long '.repeat(400) },
    { type: 'activate_code', code: 'PL0001', at: NOON },
    { type: 'activate_codes', codes: ['PL0001'], at: NOON },
    query,
    { type: 'report_software_usage', usages: [{ code: 'PL0001', clients: 3 }] },
    {
      type: 'push_usage',
      records: [
        {
          ...{ instance: 'i', serial: 's', recordedAt: NOON, from: NOON - 60, to: NOON, value: '1.5' },
          relatedPackage: null,
        },
      ],
    },
  ]
  test.each(CALLS)('of type $type is signed as the document says, done once, and forgotten', async (call) => {
    const { far, queue, deliver, entry, instance } = await outside()
    far.orders.set('CS1', ORDER)
    const id = await queue(call)
    await deliver()
    expect(far.received.map(({ fault }) => fault)).toEqual([null])
    expect(await entry(id)).toMatchObject({ state: 'done', attempts: 1, error: null, due: null })
    expect(await instance.authority.store.sealedTexts('outgoing_call', null, 9)).toEqual([])
    await queue(call)
    instance.clock.time += 9_999
    await deliver()
    expect(far.received).toHaveLength(1)
  })

  test('uploads the very text', async () => {
    const { far, queue, deliver } = await outside()
    await queue(upload)
    await queue({ ...upload, event: 'EV-2', text: 'long '.repeat(400) }, 'long')
    await deliver()
    expect(Object.fromEntries(far.uploads)).toEqual({ 'EV/1': upload.text, 'EV-2': 'long '.repeat(400) })
  })

  test('lies sealed until it is done', async () => {
    const { queue, instance } = await outside()
    await queue(upload)
    const [due] = await dueCalls(instance.authority.store, NOON, 1)
    expect(JSON.stringify(due)).not.toContain('CANARY')
  })
})

describe('a call that fails', () => {
  const FAILURES: readonly [string, Behaviour, string][] = [
    ['rubbish', (response) => void response.end('rubbish'), 'HTTP_200'],
    ['a login page', (response) => void response.end('<html>Please log in'), 'HTTP_200'],
    ['nothing', (response) => void response.end(), 'HTTP_200'],
    ['a broken server', json(500, 'oops'), 'HTTP_500'],
    ['a broken gateway', json(502, { error_code: 'APIGW.0201' }), 'APIGW.0201'],
    ['a gateway that throttles', json(429, { error_code: 'APIGW.0308' }), 'APIGW.0308'],
    ['an inner error', json(200, { error_code: '92020001' }), '92020001'],
    ['a code that is not claimed yet', json(200, { error_code: '92020004' }), '92020004'],
    ['a success that says nothing', json(200, { error_code: '92020000' }), 'unknown_answer'],
    ['a redirect', (response) => void response.writeHead(302, { location: '/x' }).end(), 'redirect'],
    ['a flood', (response) => void response.end(Buffer.alloc(1 << 20)), 'answer_too_large'],
    ['silence', () => undefined, 'timeout'],
    ['a cut line', (response) => void response.destroy(), 'no_connection'],
  ]
  test.each(
    FAILURES,
  )('by %s is made again, after a while, until it succeeds', async (_, behaviour, error) => {
    const { far, queue, deliver, deliverFor, entry, instance } = await outside()
    const id = await queue(query)
    far.next(behaviour, behaviour)
    const patience = error === 'timeout' ? IMPATIENT : PATIENT
    await deliver(patience)
    const { due, ...failed } = (await entry(id))!
    expect(failed).toMatchObject({ state: 'waiting', attempts: 1, error, triedAt: NOON })
    expect(due! - NOON).toBeGreaterThanOrEqual(2)
    expect(due! - NOON).toBeLessThanOrEqual(4)
    await deliver()
    expect(far.received).toHaveLength(1)
    instance.clock.time = due!
    await deliver(patience)
    expect(far.received).toHaveLength(2)
    await deliverFor(12)
    expect(await entry(id)).toMatchObject({ state: 'done', attempts: 3, error: null })
  })

  test('waits longer each time, an hour at most, and is dead after so many tries', async () => {
    const { far, queue, deliver, entry, instance } = await outside()
    const { clock } = instance
    const id = await queue(query)
    const waits: number[] = []
    for (;;) {
      far.next(json(500, 'oops'))
      await deliver()
      const { due } = (await entry(id))!
      if (due === null) break
      waits.push(due - clock.time)
      clock.time = due
    }
    expect(waits).toHaveLength(MOST_TRIES - 1)
    for (const [n, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(Math.min(2 * 2 ** n, 1_800))
      expect(wait).toBeLessThanOrEqual(Math.min(4 * 2 ** n, 3_600))
    }
    expect(new Set(waits.slice(20)).size).toBeGreaterThan(20)
    const days = (clock.time - NOON) / 86_400
    expect([days > 2, days < 4]).toEqual([true, true])
    expect(await entry(id)).toMatchObject({ state: 'dead', attempts: MOST_TRIES, error: 'HTTP_500' })
  })

  test('does not hold up the others', async () => {
    const { far, queue, deliver } = await outside()
    for (let n = 0; n < 8; n++) await queue({ ...query, code: `PL${n}` }, `hang-${n}`)
    far.next(...Array.from({ length: 7 }, () => () => undefined))
    for (let n = 0; n < 12; n++) await queue({ ...upload, event: `E${n}` }, `e-${n}`)
    const begun = performance.now()
    await deliver(1_000)
    expect(far.uploads.size).toBeGreaterThanOrEqual(12 - 7)
    expect(far.received).toHaveLength(20)
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})

describe('a call that is refused for good', () => {
  test.each([
    ['a code of impossible form', { error_code: '92020002' }, '92020002'],
    ['an application that was denied', { error_code: '91381038' }, '91381038'],
    ['an order that does not exist', { resultCode: '000002' }, '000002'],
  ])('for %s is dead at once, and support is told', async (_, body, error) => {
    const { far, queue, deliver, entry, instance } = await outside()
    const { store } = instance.authority
    const id = await queue(query)
    far.next(json(200, body))
    await deliver()
    expect(await entry(id)).toMatchObject({ state: 'dead', attempts: 1, error })
    const alerts = await store.dueAlerts(NOON, 9)
    const detail = { id, channel: 'huawei', type: 'query_code', error }
    expect(alerts.map(({ alert }) => alert)).toMatchObject([{ kind: 'outgoing_dead', detail, at: NOON }])
    instance.clock.time += 9_999
    await deliver()
    expect(far.received).toHaveLength(1)
  })
})
