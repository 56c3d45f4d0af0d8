import { expect, onTestFinished, test } from 'vitest'
import { addChannel } from '../../src/authority/admin.ts'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { MOST_TRIES } from '../../src/authority/outgoing/waiting.ts'
import { readiness } from '../../src/authority/readiness.ts'
import { createTransport } from '../../src/runtime/transport.ts'
import { json, openApi } from '../support/fake-huawei/open-api.ts'
import { ACCESS_KEY, NOON } from '../support/instance.ts'
import { CREDENTIALS, ORDER, outside } from './outgoing-kit.ts'

const query = { type: 'query_code', code: 'PL0001' } as const

test('wrong credentials are told apart from what is wrong with a call, and counted', async () => {
  const { far, instance, queue, deliver, entry } = await outside({
    credentials: { ...CREDENTIALS, secret: 'another' },
  })
  const id = await queue(query)
  await deliver()
  expect(far.received.map(({ fault }) => fault)).toEqual(['a wrong signature'])
  expect(await entry(id)).toMatchObject({ state: 'waiting', error: 'unauthorized APIGW.0301' })
  const { warnings } = await readiness(instance.authority, NOON)
  expect(warnings).toContainEqual({ warning: 'outgoing_calls_failing', count: 1 })
})

test('right credentials make what failed due at once, and the warning goes', async () => {
  const wrong = await outside()
  const { far, instance, queue, deliver, entry } = wrong
  const { authority } = instance
  await setOpenApi(authority, 'huawei', { ...CREDENTIALS, accessKeyId: 'OTHER', site: far.url })
  const id = await queue(query)
  await deliver()
  expect(await entry(id)).toMatchObject({ state: 'waiting', error: 'unauthorized APIGW.0301' })
  await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: far.url })
  await deliver()
  expect(await entry(id)).toMatchObject({ state: 'done' })
  const { warnings } = await readiness(authority, NOON)
  expect(warnings.map(({ warning }) => warning)).not.toContain('outgoing_calls_failing')
})

test('right credentials bring back what was given up for the wrong ones', async () => {
  const { far, instance, queue, deliver, entry } = await outside()
  const { authority, clock } = instance
  await setOpenApi(authority, 'huawei', { ...CREDENTIALS, secret: 'mistyped', site: far.url })
  const ids = [await queue(query), await queue({ type: 'query_order', order: 'CS1', line: null })]
  for (let n = 0; n < MOST_TRIES; n++) {
    await deliver()
    clock.time += 3_600
  }
  for (const id of ids)
    expect(await entry(id)).toMatchObject({ state: 'dead', error: 'unauthorized APIGW.0301' })
  far.orders.set('CS1', ORDER)
  await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: far.url })
  await deliver()
  for (const id of ids) expect(await entry(id)).toMatchObject({ state: 'done', attempts: 1 })
  const { warnings } = await readiness(authority, NOON)
  expect(warnings.map(({ warning }) => warning)).not.toContain('outgoing_calls_failing')
})

test('a marketplace whose clock is an hour away refuses what is signed', async () => {
  const { queue, deliver, entry } = await outside({ nowMs: () => (NOON - 3_600) * 1_000 })
  const id = await queue(query)
  await deliver()
  expect(await entry(id)).toMatchObject({ error: 'unauthorized APIGW.0301' })
})

test('a channel without credentials keeps its calls until it has some', async () => {
  const { far, instance, deliver, entry } = await outside()
  const { authority } = instance
  const channel = { name: 'second', kind: 'huawei', timeZone: 'UTC', accessKey: 'another-access-key' }
  await addChannel(authority, channel)
  const call = newOutgoing(authority, 'second', 'k', query)
  await authority.store.commit({ outgoing: [call] })
  await deliver()
  expect(await entry(call.id)).toMatchObject({ state: 'waiting', error: 'no_credentials' })
  await setOpenApi(authority, 'second', { ...CREDENTIALS, site: far.url })
  await deliver()
  expect(await entry(call.id)).toMatchObject({ state: 'done' })
})

test('credentials that do not open stop neither the server nor the other channels', async () => {
  const { far, instance, queue, deliver, entry } = await outside()
  const { authority } = instance
  const channel = { name: 'second', kind: 'huawei', timeZone: 'UTC', accessKey: 'another-access-key' }
  await addChannel(authority, channel)
  const { openApi: theirs } = (await authority.store.channels()).find(({ name }) => name === 'huawei')!
  // What was sealed for one channel opens for no other.
  await authority.store.setOpenApi('second', theirs!)
  const broken = newOutgoing(authority, 'second', 'k', query)
  await authority.store.commit({ outgoing: [broken] })
  const reopened = await instance.reopen()
  onTestFinished(() => reopened.close())
  const id = await queue(query)
  instance.authority.configuration.forget()
  await deliver()
  expect(await entry(id)).toMatchObject({ state: 'done' })
  expect(await entry(broken.id)).toMatchObject({ error: 'credentials_unreadable' })
  expect(far.received).toHaveLength(1)
})

/** As if the marketplace's names led to this machine. */
function named(names: Readonly<Record<string, string>>): Transport {
  const transport = createTransport({ patience: 2_000 })
  return {
    send(request, stopping) {
      const { origin } = new URL(request.url)
      return transport.send({ ...request, url: request.url.replace(origin, names[origin]!) }, stopping)
    },
  }
}

const [FIRST, SECOND] = ['https://mkt.myhuaweicloud.com', 'https://mkt.myhuaweicloud.cn'] as const

test.each([
  ['is down', null],
  ['is silent', () => undefined],
  ['is out of order', json(503, { error_code: 'APIGW.0201' })],
  ['answers with rubbish', json(200, 'rubbish')],
] as const)('when the first address of China %s, the second is asked, signed for it', async (_, behaviour) => {
  const { instance, queue, entry } = await outside()
  const { authority, clock } = instance
  const options = { credentials: CREDENTIALS, accessKey: ACCESS_KEY, nowMs: () => clock.nowMs() }
  const first = await openApi({ ...options, host: 'mkt.myhuaweicloud.com' })
  const second = await openApi({ ...options, host: 'mkt.myhuaweicloud.cn' })
  onTestFinished(() => Promise.all([first.close(), second.close()]).then(() => undefined))
  await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: 'cn' })
  if (behaviour !== null) first.next(behaviour)
  const names = { [FIRST]: behaviour === null ? 'http://127.0.0.1:1' : first.url, [SECOND]: second.url }
  const id = await queue(query)
  await deliverCalls(authority, named(names))
  expect(await entry(id)).toMatchObject({ state: 'done', attempts: 1 })
  expect(second.received.map(({ fault }) => fault)).toEqual([null])
})

test('what the first address refuses is not asked of the second', async () => {
  const { instance, queue, entry } = await outside()
  const { authority, clock } = instance
  const options = { credentials: CREDENTIALS, accessKey: ACCESS_KEY, nowMs: () => clock.nowMs() }
  const first = await openApi({ ...options, host: 'mkt.myhuaweicloud.com' })
  onTestFinished(() => first.close())
  await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: 'cn' })
  first.next(json(200, { error_code: '92020002' }))
  const id = await queue(query)
  await deliverCalls(authority, named({ [FIRST]: first.url, [SECOND]: 'http://127.0.0.1:1' }))
  expect(await entry(id)).toMatchObject({ state: 'dead', error: '92020002' })
})
