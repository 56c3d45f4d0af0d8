import { describe, expect, onTestFinished, test } from 'vitest'
import { addChannel } from '../../src/authority/admin.ts'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { createDelivery, deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import type { OutgoingCall } from '../../src/authority/outgoing/port.ts'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { startRounds } from '../../src/runtime/rounds.ts'
import { createTransport } from '../../src/runtime/transport.ts'
import { CALLS_ABREAST } from '../../src/runtime/worker-rounds.ts'
import { dueCalls } from '../support/due-calls.ts'
import { type Behaviour, json, type OpenApi, openApi } from '../support/fake-huawei/open-api.ts'
import { ACCESS_KEY, NOON } from '../support/instance.ts'
import { CREDENTIALS, IMPATIENT, ORDER, type Outside, outside, PATIENT } from './outgoing-kit.ts'

const order: OutgoingCall = { type: 'query_order', order: 'CS1', line: null }
const usage = (n: number): OutgoingCall => ({
  type: 'report_software_usage',
  usages: [{ code: `PL${n}`, clients: 3 }],
})

/** Milliseconds in which one that is well answers, also on a machine with other work; and no test takes for ever. */
const A_WHILE = 1_500

/** All that is asked of it from now on. */
const always = (far: OpenApi, behaviour: Behaviour) => far.next(...Array(9_999).fill(behaviour))
const never: Behaviour = () => undefined

interface TwoChannels extends Outside {
  /** The marketplace of the channel `two`, which is well. */
  readonly other: OpenApi
  queueOther(call: OutgoingCall): Promise<string>
}

/** The marketplace of `huawei` accepts and never answers; so many usage lines wait for it. */
async function hanging(lines: number): Promise<TwoChannels> {
  const here = await outside()
  const { authority, clock } = here.instance
  await addChannel(authority, {
    name: 'two',
    kind: 'huawei',
    timeZone: 'UTC',
    accessKey: 'another-access-key',
  })
  const options = { credentials: CREDENTIALS, accessKey: ACCESS_KEY, nowMs: () => clock.nowMs() }
  const other = await openApi(options)
  onTestFinished(() => other.close())
  await setOpenApi(authority, 'two', { ...CREDENTIALS, site: other.url })
  other.orders.set('CS1', ORDER)
  always(here.far, never)
  const outgoing = Array.from({ length: lines }, (_, n) =>
    newOutgoing(authority, 'huawei', `${n}\t2026-11-21`, usage(n)),
  )
  await authority.store.commit({ outgoing })
  return {
    ...here,
    other,
    async queueOther(call) {
      const one = newOutgoing(authority, 'two', `two-${call.type}`, call)
      await authority.store.commit({ outgoing: [one] })
      return one.id
    },
  }
}

const waiting = ({ instance }: Outside) =>
  instance.authority.store.waitingCalls('huawei', 'report_software_usage')

describe('a channel that hangs', () => {
  test('holds up no purchase of another, however much is queued for it', { timeout: 20_000 }, async () => {
    const here = await hanging(400)
    const rounds = startRounds(here.instance.authority, null)
    onTestFinished(() => rounds.stop())
    await expect.poll(() => here.far.received.length, { timeout: 5_000 }).toBeGreaterThan(0)
    const id = await here.queueOther(order)
    await expect.poll(() => here.entry(id), { timeout: 4_000 }).toMatchObject({ state: 'done', attempts: 1 })
    expect(await waiting(here)).toBe(400)
  })

  test('holds up none in a round that is by itself, as on Workers', { timeout: 20_000 }, async () => {
    const here = await hanging(400)
    here.instance.clock.time += 5
    const ids = [await here.queueOther(order), await here.queueOther(usage(1))]
    const begun = performance.now()
    await here.deliver(A_WHILE)
    expect(performance.now() - begun).toBeLessThan(A_WHILE * 4)
    for (const id of ids) expect(await here.entry(id)).toMatchObject({ state: 'done' })
  })

  test('has only those calls counted that were made', async () => {
    const here = await hanging(400)
    await here.deliver(IMPATIENT)
    expect(here.far.received).toHaveLength(8)
    const due = await dueCalls(here.instance.authority.store, NOON, 999)
    expect(due).toHaveLength(392)
    expect(due.every(({ attempts }) => attempts === 0)).toBe(true)
  })

  test('is asked by one call at a time, and by many when it answers again', async () => {
    const here = await hanging(60)
    const { authority, clock } = here.instance
    const failures: unknown[] = []
    let patience = IMPATIENT
    const transport: Transport = {
      send: (request, stopping) => createTransport({ patience }).send(request, stopping),
    }
    const delivery = createDelivery(authority, transport, (one) => void failures.push(one))
    const round = async () => {
      const before = here.far.received.length
      clock.time += 1
      await delivery.begin()
      await delivery.ended()
      return here.far.received.length - before
    }
    expect([await round(), await round(), await round()]).toEqual([8, 1, 1])
    here.far.forgive()
    patience = PATIENT
    expect(await round()).toBeGreaterThan(20)
    clock.time += 9
    await round()
    await round()
    expect([await waiting(here), failures]).toEqual([0, []])
  })
})

test('on Workers six calls at most are under way at once, and a lane that hangs holds one of them', async () => {
  const here = await outside()
  const { authority } = here.instance
  const channels = ['huawei', 'two', 'three', 'four']
  for (const name of channels.slice(1)) {
    await addChannel(authority, { name, kind: 'huawei', timeZone: 'UTC', accessKey: `key-of-${name}` })
    await setOpenApi(authority, name, { ...CREDENTIALS, site: here.far.url })
  }
  for (const channel of channels) {
    const calls = [0, 1, 2].flatMap((n) => [usage(n), { type: 'query_code', code: `PL${n}` } as const])
    const outgoing = calls.map((call, n) => newOutgoing(authority, channel, `${n}`, call))
    await authority.store.commit({ outgoing })
  }
  let underWay = 0
  let most = 0
  const transport: Transport = {
    async send() {
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise((resolve) => setTimeout(resolve, 5))
      underWay -= 1
      return { type: 'failed', why: 'timeout' }
    },
  }
  await deliverCalls(authority, transport, { abreast: CALLS_ABREAST })
  expect(most).toBe(6)
  // Each of eight lanes was tried twice, and then let be.
  const entries = (await authority.store.outgoingCalls(null, null, 99)).items
  expect(entries.filter(({ attempts }) => attempts === 1)).toHaveLength(16)
  expect(entries.filter(({ attempts }) => attempts === 0)).toHaveLength(8)
})

test('an API that hangs holds up no other of its channel', { timeout: 20_000 }, async () => {
  const { far, queue, deliver, entry, instance } = await outside()
  always(far, (response, received) =>
    received.target.includes('/order/query')
      ? json(200, { resultCode: '000000', orderInfo: ORDER })(response, received)
      : undefined,
  )
  for (let n = 0; n < 100; n++) await queue({ type: 'query_code', code: `PL${n}` }, `L${n}`)
  instance.clock.time += 5
  const id = await queue(order)
  const begun = performance.now()
  await deliver(A_WHILE)
  expect(performance.now() - begun).toBeLessThan(A_WHILE * 4)
  expect(await entry(id)).toMatchObject({ state: 'done' })
  const failing = await instance.authority.store.callTroubles()
  expect(failing).toMatchObject([{ error: 'timeout', state: 'waiting' }])
})

test('of a lane whose calls throw the rest waits, and the round says so', async () => {
  const { queue, deliver, entry, instance } = await outside()
  for (let n = 0; n < 9; n++) await queue(usage(n), `${n}`)
  const id = await queue(usage(9), 'last')
  const { store } = instance.authority
  const claim = store.claimCall
  Object.assign(store, { claimCall: () => Promise.reject(new Error('gone')) })
  await expect(deliver()).rejects.toThrow('gone')
  Object.assign(store, { claimCall: claim })
  await deliver()
  expect(await entry(id)).toMatchObject({ state: 'done', attempts: 1 })
})
