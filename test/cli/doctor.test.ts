import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { parkedDemand } from '../../src/authority/parking.ts'
import { Unreadable } from '../../src/cli/shell.ts'
import { createTransport } from '../../src/runtime/transport.ts'
import { json, openApi } from '../support/fake-huawei/open-api.ts'
import { DAY, emptyStage, START, type Stage, stage } from './stage.ts'

interface Check {
  readonly check: string
  readonly status: string
  readonly says: string
}

async function examined(here: Stage): Promise<{ exit: number; status: string; of(check: string): Check }> {
  const ran = await here.licet('doctor', '--json')
  const { status, checks } = ran.json() as { status: string; checks: Check[] }
  const of = (check: string) => checks.find((one) => one.check.startsWith(check))!
  return { exit: ran.exit, status, of }
}

async function called(
  here: Stage,
  error: string | null,
  state: 'waiting' | 'dead' = 'waiting',
): Promise<void> {
  await given(here)
  await proven(here)
  if (error !== null) await failing(here, error, state)
}

async function given({ files, licet }: Stage): Promise<void> {
  files.set('ak-sk.txt', 'AK\nSK\n')
  await licet('channel', 'set-open-api', 'huawei', '--credentials-file', 'ak-sk.txt')
}

/** The proof of the credentials is made, as a running server would; `says` is the marketplace's answer. */
const proven = ({ inside }: Stage, says = json(200, { resultCode: '91380001' })) =>
  inside(async (authority) => {
    const far = await openApi({
      credentials: { accessKeyId: 'AK', secret: 'SK' },
      accessKey: 'the-first-access-key',
      nowMs: authority.ambient.nowMs,
    })
    // Both addresses of the site say so, where the first is not understood.
    far.next(says, says)
    const transport = createTransport({ patience: 20_000 })
    const leading: Transport = {
      send: (request, stopping) =>
        transport.send({ ...request, url: far.url + new URL(request.url).pathname }, stopping),
    }
    await deliverCalls(authority, leading).finally(() => far.close())
    return far.received.length
  })

const failing = ({ inside }: Stage, error: string, state: 'waiting' | 'dead', at = START) =>
  inside(async (authority) => {
    const { store } = authority
    const call = newOutgoing(authority, 'huawei', 'k', { type: 'query_code', code: 'PL1' })
    await store.commit({ outgoing: [call] })
    const due = (await store.dueCalls(START + DAY, 9)).find(({ key }) => key === 'k')!
    const claimed = (await store.claimCall(due, START + 60))!
    const { id, attempts } = claimed
    if (state === 'waiting') return store.postponeCall(claimed, START + 90, error, at)
    await store.commit({ ending: { id, attempts, state, error, at } })
  })

test('a new instance is well but for its development root', async () => {
  const here = await stage()
  const { exit, status, of } = await examined(here)
  expect([exit, status]).toEqual([0, 'warning'])
  for (const check of ['configuration', 'database', 'clock', 'key ', 'channel huawei', 'parked', 'dead'])
    expect([check, of(check).status]).toEqual([check, 'ok'])
  expect(of('root')).toMatchObject({ status: 'warning', says: expect.stringContaining('development root') })
  expect(of('channel huawei').says).toContain('no open-API credentials')
  expect((await here.licet('doctor')).out).toMatch(/^ +CHECK +SAYS\nok +configuration /)
})

test('a channel that is called well is well', async () => {
  const here = await stage()
  await called(here, null)
  expect((await examined(here)).of('channel huawei')).toMatchObject({
    status: 'ok',
    says: expect.stringContaining('site cn'),
  })
})

test('credentials that nobody has tried yet are not called right', async () => {
  const here = await stage()
  await given(here)
  const { exit, of } = await examined(here)
  expect(of('channel huawei')).toMatchObject({
    status: 'warning',
    says: expect.stringContaining('not proven yet'),
  })
  expect(exit).toBe(0)
})

test('wrong credentials are named before anything is sold, and right ones in their place end it', async () => {
  const here = await stage()
  await given(here)
  expect(await proven(here, json(401, { error_code: 'APIGW.0301' }))).toBe(1)
  const wrong = await examined(here)
  expect(wrong.of('channel huawei')).toMatchObject({
    status: 'failed',
    says: expect.stringContaining(
      'refuses its credentials (AK, SK). The last failure was unauthorized APIGW.0301',
    ),
  })
  expect(wrong.exit).toBe(1)
  here.pass(60)
  await given(here)
  expect((await examined(here)).of('channel huawei')).toMatchObject({
    status: 'warning',
    says: expect.stringMatching(/not proven yet.*before they were set/),
  })
  expect(await proven(here)).toBe(1)
  expect((await examined(here)).of('channel huawei').status).toBe('ok')
})

test.each([
  ['a code that no document explains', json(200, { resultCode: '91380001' })],
  ['a moment that passes', json(200, { resultCode: 'CBC.0999' })],
  ['an order of another form', json(200, { resultCode: '000000', orderInfo: { orderId: 'MOCK' } })],
])('credentials are proven by %s: nothing stays of the call, nobody is told', async (_, says) => {
  const here = await stage()
  await given(here)
  await proven(here, says)
  expect((await examined(here)).of('channel huawei').status).toBe('ok')
  const left = await here.inside(async ({ store }) => [
    (await store.outgoingCalls(null, null, 9)).items,
    await store.dueAlerts(START + DAY, 9),
    (await store.orderPage(null, 9)).items,
  ])
  expect(left).toEqual([[], [], []])
})

test('what was refused before the credentials were set says nothing of them', async () => {
  const here = await stage()
  here.pass(60)
  await called(here, null)
  await failing(here, 'unauthorized APIGW.0301', 'dead', START + 59)
  expect((await examined(here)).of('channel huawei')).toMatchObject({
    status: 'warning',
    says: expect.stringContaining('see "licet outgoing list"'),
  })
})

test('usage that is refused under every access key is no fault of AK and SK', async () => {
  const here = await stage()
  await called(here, 'unauthorized MKT.0151 access_key')
  const { exit, of } = await examined(here)
  expect(of('channel huawei').says).toMatch(
    /push_usage.*under every access key.*"licet channel add-key huawei"/,
  )
  expect(of('channel huawei').says).not.toContain('AK, SK')
  expect(exit).toBe(1)
  here.pass(60)
  here.files.set('next.txt', 'another-access-key\n')
  await here.licet('channel', 'add-key', 'huawei', '--access-key-file', 'next.txt')
  expect((await examined(here)).of('channel huawei').status).toBe('warning')
})

test.each([
  ['refused credentials', 'unauthorized APIGW.0301', 'failed', 'refuses its credentials'],
  ['a marketplace that is out', 'timeout', 'warning', 'timeout at 2026-03-01T00:00:00Z'],
])('%s are named with the channel', async (_, error, status, says) => {
  const here = await stage()
  await called(here, error)
  const ran = await examined(here)
  expect(ran.of('channel huawei')).toMatchObject({ status, says: expect.stringContaining(says) })
  expect(ran.exit).toBe(status === 'failed' ? 1 : 0)
})

test('calls that wait for credentials are a failure', async () => {
  const here = await stage()
  await failing(here, 'no_credentials', 'waiting')
  expect((await examined(here)).of('channel huawei')).toMatchObject({
    status: 'failed',
    says: expect.stringContaining('calls wait; "licet channel set-open-api huawei"'),
  })
})

test('credentials that do not open are named, and the rest is looked at', async () => {
  const here = await stage()
  await called(here, null)
  await here.inside(({ store }) => store.setOpenApi('huawei', { site: 'cn', sealed: 'x', since: START }))
  const { exit, of } = await examined(here)
  expect(of('channel huawei')).toMatchObject({
    status: 'failed',
    says: expect.stringContaining('do not open'),
  })
  expect([exit, of('parked').status]).toEqual([1, 'ok'])
})

test('dead and parked calls are counted', async () => {
  const here = await stage()
  await called(here, '92020005', 'dead')
  await here.inside(async ({ store, crypto }) => {
    const command = { type: 'release' } as const
    const instance = 'unknown'
    const demand = { type: 'demand', test: false, instance, command, unknown: 'park', order: null } as never
    await store.commit({ park: parkedDemand(crypto, 'huawei', demand, START) })
  })
  const { of } = await examined(here)
  expect(of('dead')).toMatchObject({ status: 'warning', says: expect.stringMatching(/^1;/) })
  expect(of('parked')).toMatchObject({ status: 'warning', says: expect.stringMatching(/^1;/) })
})

test('keys whose window closes are named with their days', async () => {
  const here = await stage()
  const { of } = await examined(here)
  const days = Number(/(\d+) more days/.exec(of('key ').says)![1])
  here.pass((days - 10) * DAY)
  expect((await examined(here)).of('key ')).toMatchObject({ status: 'warning' })
  here.pass(11 * DAY)
  const late = await examined(here)
  expect(late.of('key ')).toMatchObject({ status: 'failed' })
  expect(late.of('keys')).toMatchObject({ status: 'failed' })
  expect(late.exit).toBe(1)
})

test('a clock before this program was made is wrong', async () => {
  const here = await stage({ builtAt: START + 1 })
  expect((await examined(here)).of('clock')).toMatchObject({ status: 'failed' })
})

test.each([
  ['no instance', () => emptyStage(), 'database'],
  [
    'a database that is none',
    async () => {
      const here = await stage()
      for (const name of readdirSync(here.data)) {
        if (!name.startsWith('licet.db')) continue
        rmSync(join(here.data, name))
        writeFileSync(join(here.data, name), 'rubbish'.repeat(999))
      }
      return here
    },
    'database',
  ],
  [
    'a wrong configuration',
    () => stage({ open: () => Promise.reject(new Unreadable('LICET_PORT must be a number.')) }),
    'configuration',
  ],
] as const)('%s is a failure with a sentence', async (_, make, check) => {
  const { exit, of } = await examined(await make())
  expect(exit).toBe(1)
  expect(of(check)).toMatchObject({ status: 'failed', says: expect.stringMatching(/^[A-Z/].{10,}/) })
})
