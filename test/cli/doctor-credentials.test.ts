import { expect, test } from 'vitest'
import { openProof } from '../../src/authority/outgoing/proof.ts'
import { json } from '../support/fake-huawei/open-api.ts'
import { called, examined, failing, given, proven } from './doctor-kit.ts'
import { DAY, START, stage } from './stage.ts'

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

test.each([
  ['a moment that passes', json(200, { resultCode: 'CBC.0999' }), 'CBC.0999'],
  ['a gateway that is out of order', json(503, { error_code: 'APIGW.0201' }), 'APIGW.0201'],
  ['a load balancer that is', json(502, { error_code: 'LB.1' }), 'LB.1'],
  ['a firewall that throttles', json(429, { error_code: 'WAF.1' }), 'WAF.1'],
  ['a gateway that knows no such address', json(404, { error_code: 'APIGW.0101' }), 'APIGW.0101'],
])('%s proves no credentials: they are asked for again', async (_, says, error) => {
  const here = await stage()
  await given(here)
  await proven(here, says)
  expect((await examined(here)).of('channel huawei')).toMatchObject({
    status: 'warning',
    says: expect.stringContaining(error),
  })
  const proof = await here.inside((authority) => openProof(authority, 'huawei'))
  expect(proof).toMatchObject({ state: 'waiting', error })
  here.pass(60)
  await proven(here)
  expect((await examined(here)).of('channel huawei').status).toBe('ok')
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
