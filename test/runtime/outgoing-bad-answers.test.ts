import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import type { OutgoingCall } from '../../src/authority/outgoing/port.ts'
import { settleApplications } from '../../src/authority/waiting-applications.ts'
import { settleWaiting } from '../../src/authority/waiting-orders.ts'
import { createTransport } from '../../src/runtime/transport.ts'
import { inDaysUtc } from '../authority/applying.ts'
import { openDesk } from '../authority/desk.ts'
import { lineOf, orderOf } from '../authority/market.ts'
import { selfSigned } from '../support/certificate.ts'
import { type Behaviour, json, type OpenApi, openApi } from '../support/fake-huawei/open-api.ts'
import { ACCESS_KEY, NOON, type TestInstance } from '../support/instance.ts'
import { CREDENTIALS, IMPATIENT, ORDER, outside, PATIENT } from './outgoing-kit.ts'

const KIB = 1024

/** 100 MB, as far as somebody reads them. */
const flood: Behaviour = async (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  for (let n = 0; n < 1600 && !response.destroyed; n++)
    if (!response.write(Buffer.alloc(64 * KIB, ' ')))
      await Promise.race([new Promise((resolve) => response.once('drain', resolve)), pause(100)])
  response.end()
}

const tls = selfSigned()
if (tls === null) console.warn('Wrong certificates are NOT tested here: no openssl')

/** null: everything works, behind a certificate that nobody trusts. */
const BAD: readonly (readonly [string, Behaviour | null, string])[] = [
  ['rubbish', (response) => void response.end('rubbish'), 'HTTP_200'],
  ['a 500', json(500, { message: 'oops' }), 'HTTP_500'],
  ['a redirect', (response) => void response.writeHead(307, { location: '/x' }).end(), 'redirect'],
  ['100 MB', flood, 'answer_too_large'],
  ['nothing', () => undefined, 'timeout'],
  ...(tls === null ? [] : [['a wrong certificate', null, 'certificate'] as const]),
]

const CALLS: readonly OutgoingCall[] = [
  { type: 'query_order', order: 'CS1', line: null },
  { type: 'upload_license', event: 'EV-1', text: 'LC1-CANARY-TEXT' },
  { type: 'activate_code', code: 'PL0001', at: NOON },
  { type: 'activate_codes', codes: ['PL0001', 'PL0002'], at: NOON },
  { type: 'query_code', code: 'PL0001' },
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

/** Calls go wrong from now on, until the answer is called. */
async function badFrom(
  far: OpenApi,
  instance: TestInstance,
  how: Behaviour | null,
): Promise<() => Promise<unknown>> {
  const point = (site: string) => setOpenApi(instance.authority, 'huawei', { ...CREDENTIALS, site })
  if (how !== null) {
    far.next(...Array.from({ length: 99 }, () => how))
    return async () => far.forgive()
  }
  const options = { credentials: CREDENTIALS, accessKey: ACCESS_KEY, nowMs: () => instance.clock.nowMs() }
  const liar = await openApi({ ...options, tls: tls! })
  onTestFinished(() => liar.close())
  await point(liar.url)
  return () => {
    expect(liar.received).toEqual([])
    return point(far.url)
  }
}

describe.each(BAD)('%s in answer', (_, how, error) => {
  const patience = error === 'timeout' ? IMPATIENT : PATIENT

  test('to a call of any type: each is made again, and done once it is answered', async () => {
    const { far, instance, queue, deliver, entry } = await outside()
    far.orders.set('CS1', ORDER)
    const good = await badFrom(far, instance, how)
    const ids = await Promise.all(CALLS.map((call) => queue(call)))
    for (let tries = 1; tries <= 2; tries++) {
      await deliver(patience)
      for (const id of ids)
        expect(await entry(id)).toMatchObject({ state: 'waiting', attempts: tries, error })
      instance.clock.time += 60
    }
    await good()
    await deliver()
    for (const id of ids) expect(await entry(id)).toMatchObject({ state: 'done', attempts: 3, error: null })
    expect(JSON.stringify(instance.lines)).not.toMatch(/canary/i)
  })

  test('to all that callbacks ask for: they were answered, and no license is lost or doubled', async () => {
    const { desk, far, deliver } = await sellingDesk()
    const { store } = desk.authority
    const good = await badFrom(far, desk, how)
    for (const [order, type] of [
      ['CS-OPEN', 'NEW'],
      ['CS-MORE', 'CHANGE'],
      ['CS-TOLD', 'NEW'],
    ] as const)
      far.orders.set(order, orderOf(order, { type, product: { linearValue: type === 'CHANGE' ? 9 : 5 } }))

    const opening = () => desk.send(desk.caller.newInstance(lineOf('CS-OPEN'), desk.moment()))
    const opened = await opening()
    const instanceId = opened.instance
    await deliver(patience)
    const more = await desk.send(
      desk.caller.upgradeInstance({ ...lineOf('CS-MORE'), instanceId }, desk.moment()),
    )
    const told = await desk.send(desk.caller.orderNotify(lineOf('CS-TOLD'), desk.moment()))
    const wish = { effectiveTime: inDaysUtc(0), expireTime: inDaysUtc(30), deviceFingerprint: 'laptop' }
    const applied = await desk.send(
      desk.caller.getLicenseAsync({ ...wish, eventId: 'EV-1', instanceId }, desk.moment()),
    )
    await deliver(patience)
    expect([opened, more, told, applied].map(({ code }) => code)).toEqual([
      '000000',
      '000000',
      '000000',
      '000004',
    ])
    expect((await opening()).body).toBe(opened.body)
    expect(await store.byInstance('huawei', instanceId)).toMatchObject({ status: 'pending' })

    await good()
    for (let round = 0; round < 4; round++) {
      desk.clock.time += 60
      await deliver()
    }
    const { items } = await store.page(null, 9)
    expect(items).toMatchObject([{ id: instanceId, status: 'active', terms: { seats: 9 } }])
    expect([...far.uploads.keys()]).toEqual(['EV-1'])
    expect(desk.verdictOf(far.uploads.get('EV-1')!, 'laptop')).toMatchObject({
      valid: true,
      license: { id: instanceId },
    })
    const orders = (await store.orderPage(null, 9)).items.map(({ order, state }) => [order.id, state])
    expect(orders.sort()).toEqual([
      ['CS-MORE', 'applied'],
      ['CS-OPEN', 'applied'],
      ['CS-TOLD', 'learnt'],
    ])
    expect((await store.outgoingCalls(null, null, 9)).items.map(({ state }) => state)).not.toContain(
      'waiting',
    )
    expect(JSON.stringify(desk.lines)).not.toContain(CREDENTIALS.secret)
  })
})

async function sellingDesk() {
  const desk = await openDesk()
  onTestFinished(() => desk.close())
  const { authority, clock } = desk
  const options = { credentials: CREDENTIALS, accessKey: ACCESS_KEY, nowMs: () => clock.nowMs() }
  const far = await openApi(options)
  onTestFinished(() => far.close())
  await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: far.url })
  const deliver = async (patience = PATIENT) => {
    await deliverCalls(authority, createTransport({ patience }))
    await settleWaiting(authority)
    await settleApplications(authority)
  }
  return { desk, far, deliver }
}
