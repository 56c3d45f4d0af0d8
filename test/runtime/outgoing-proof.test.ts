import { expect, test } from 'vitest'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { openProof, proveCredentials } from '../../src/authority/outgoing/proof.ts'
import { json } from '../support/fake-huawei/open-api.ts'
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
