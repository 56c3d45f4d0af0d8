import { expect, onTestFinished, test } from 'vitest'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { openProof, proveCredentials } from '../../src/authority/outgoing/proof.ts'
import { pushUsage } from '../../src/authority/outgoing/usage.ts'
import { json } from '../support/fake-huawei/open-api.ts'
import { NOON } from '../support/instance.ts'
import { CREDENTIALS, type Outside, outside } from './outgoing-kit.ts'

const REFUSED = json(401, { error_code: 'APIGW.0301' })

const deadAlerts = async ({ instance }: Outside) =>
  (await instance.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 99)).filter(
    ({ alert }) => alert.kind === 'outgoing_dead',
  )

test('the proof of credentials asks for a mock order, and nothing stays of it', async () => {
  const here = await outside()
  const { authority } = here.instance
  await proveCredentials(authority, 'huawei')
  expect(await openProof(authority, 'huawei')).toMatchObject({ state: 'waiting', error: null })
  await here.deliver()
  expect(here.far.received.map(({ target, fault }) => [target.split('/').at(-1), fault])).toEqual([
    ['query?orderId=MOCKPERIODYEARNEW', null],
  ])
  expect(await openProof(authority, 'huawei')).toBeNull()
  expect((await authority.store.outgoingCalls(null, null, 9)).items).toEqual([])
  expect((await authority.store.orderPage(null, 9)).items).toEqual([])
})

test('it is asked for once, however many set credentials at once', async () => {
  const here = await outside()
  const { authority } = here.instance
  await Promise.all(Array.from({ length: 5 }, () => proveCredentials(authority, 'huawei')))
  await proveCredentials(authority, 'huawei')
  await here.deliver()
  expect(here.far.received).toHaveLength(1)
})

test('a channel that is not there has none', async () => {
  const { instance, far, deliver } = await outside()
  await proveCredentials(instance.authority, 'nobody')
  await deliver()
  expect(far.received).toEqual([])
})

test.each([
  ['refused for days', REFUSED, 'unauthorized APIGW.0301'],
  ['not answered for days', json(502, 'rubbish'), 'HTTP_502'],
])('one that was %s is told of once, and made anew with the next credentials', async (_, says, error) => {
  const here = await outside()
  const { authority, clock } = here.instance
  await proveCredentials(authority, 'huawei')
  here.far.next(...Array.from({ length: 100 }, () => says))
  while ((await openProof(authority, 'huawei'))?.state === 'waiting') {
    clock.time = (await openProof(authority, 'huawei'))!.due!
    await here.deliver()
  }
  expect(await openProof(authority, 'huawei')).toMatchObject({ state: 'dead', error })
  expect(await deadAlerts(here)).toHaveLength(1)
  const set = await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: here.far.url })
  expect(set.ok).toBe(true)
  await proveCredentials(authority, 'huawei')
  await here.deliver()
  expect(await openProof(authority, 'huawei')).toBeNull()
})

const MISTYPED = { ...CREDENTIALS, secret: 'mistyped' }

/** The command line, beside the server that makes the calls. */
async function besides({ instance, far }: Outside) {
  const { authority, close } = await instance.reopen()
  onTestFinished(close)
  return async (credentials: typeof CREDENTIALS) => {
    const set = await setOpenApi(authority, 'huawei', { ...credentials, site: far.url })
    expect(set.ok).toBe(true)
    await proveCredentials(authority, 'huawei')
  }
}

test('credentials that another process set in the same second are the ones that are proven', async () => {
  const here = await outside()
  const set = await besides(here)
  const { authority } = here.instance
  // The server has read its configuration in this second.
  await here.deliver()
  await set(MISTYPED)
  await here.deliver()
  expect(here.far.received.map(({ fault }) => fault)).toEqual(['a wrong signature'])
  expect(await openProof(authority, 'huawei')).toMatchObject({
    state: 'waiting',
    error: 'unauthorized APIGW.0301',
  })
})

test.each([
  ['right', CREDENTIALS, MISTYPED, { state: 'waiting', error: 'unauthorized APIGW.0301' }],
  ['wrong', MISTYPED, CREDENTIALS, null],
])('an answer to %s credentials says nothing of others that were set meanwhile', async (_, old, next, end) => {
  const here = await outside()
  const set = await besides(here)
  const { authority, clock } = here.instance
  await set(old)
  here.far.next(async (response, received) => {
    await set(next)
    const isRight = received.fault === null
    const answer = isRight ? json(200, { resultCode: '91380001' }) : REFUSED
    await answer(response, received)
  })
  await here.deliver()
  expect(await openProof(authority, 'huawei')).toMatchObject({ state: 'waiting', error: 'other_credentials' })
  clock.time += 4
  await here.deliver()
  if (end === null) expect(await openProof(authority, 'huawei')).toBeNull()
  else expect(await openProof(authority, 'huawei')).toMatchObject(end)
})

test('the same credentials, set anew meanwhile, are proven by the answer to them', async () => {
  const here = await outside()
  const set = await besides(here)
  await set(CREDENTIALS)
  here.far.next(async (response, received) => {
    await set(CREDENTIALS)
    json(200, { resultCode: '91380001' })(response, received)
  })
  await here.deliver()
  expect(await openProof(here.instance.authority, 'huawei')).toBeNull()
})

test('usage whose serial is the name of the proof is usage', async () => {
  const here = await outside()
  const { authority } = here.instance
  const times = { recordedAt: NOON, from: NOON - 60, to: NOON }
  const record = { instance: 'i', serial: 'credentials', ...times, value: '1', relatedPackage: null }
  await pushUsage(authority, 'huawei', [record])
  here.far.next(json(200, { error_code: '94060999' }))
  await here.deliver()
  expect((await authority.store.outgoingCalls(null, null, 9)).items).toMatchObject([
    { type: 'push_usage', key: 'credentials', state: 'dead', error: '94060999' },
  ])
})
