import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Channel, Intent, Reply } from '../../src/authority/marketplace.ts'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { huaweiMarketplace } from '../../src/marketplace/huawei/index.ts'
import { type FakeHuawei, fakeHuawei } from '../support/fake-huawei/index.ts'

const ACCESS_KEY = 'test-access-key-0001'
const plugin = huaweiMarketplace(nodeCrypto, legacyCrypto)
const channel: Channel = {
  name: 'huawei',
  kind: 'huawei',
  timeZone: 'UTC',
  windows: { timestamp: 60, authToken: 900 },
  keys: [{ id: 'k', secret: new TextEncoder().encode(ACCESS_KEY) }],
  openApi: null,
  pages: { frontEnd: null, admin: null },
}

let server: Server | null = null
afterEach(() => server?.close())

interface Spoiled {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A seller's server of which only the plug-in is real: it replies what the test says, call after call. */
async function seller(
  reply: (intent: Intent, call: number) => Reply,
  spoil: (call: number) => Spoiled = () => ({}),
): Promise<FakeHuawei> {
  let calls = 0
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const call = {
      method: request.method as 'GET' | 'POST',
      query: request.url!.split('?')[1] ?? '',
      contentType: request.headers['content-type'] ?? null,
      body: Buffer.concat(chunks),
    }
    const opened = plugin.open(call, channel, Date.now())
    const intent = opened.type === 'authentic' ? opened.intent : null
    const body = plugin.answer(intent, intent === null ? { type: 'malformed' } : reply(intent, calls))
    const spoiled = spoil(calls++)
    response.writeHead(spoiled.status ?? 200, {
      ...plugin.headers(body, channel.keys[0]!),
      ...spoiled.headers,
    })
    response.end(spoiled.body ?? body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server!.once('listening', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks/huawei`
  return fakeHuawei({ address, accessKey: ACCESS_KEY, timeCompression: 3_600_000 })
}

const PURCHASE = { customerId: 'c', orderId: 'CS-1', productId: 'P' }
const SOLD: Reply = { type: 'sold', instance: 'i-1', licenseText: 'LC1-X' }

test('a purchase is delivered with its license at the first call', async () => {
  const huawei = await seller(() => SOLD)
  const delivery = await huawei.getLicense(PURCHASE)
  expect(delivery).toMatchObject({
    delivered: true,
    failure: null,
    status: 200,
    license: 'LC1-X',
    instanceId: 'i-1',
  })
  expect(huawei.log).toEqual(delivery.attempts)
  expect(delivery.attempts.length).toBe(1)
})

test('a failed purchase is tried again once an hour for three hours, signed anew each time', async () => {
  const huawei = await seller(() => ({ type: 'unavailable' }))
  const delivery = await huawei.getLicense(PURCHASE)
  expect(delivery).toMatchObject({ delivered: false, failure: 'resultCode 000005' })
  expect(delivery.attempts.length).toBe(4)
  expect(new Set(delivery.attempts.map(({ call }) => call.url)).size).toBe(4)
})

test('a retry that succeeds ends the retries', async () => {
  const huawei = await seller((_, call) => (call < 2 ? { type: 'unavailable' } : SOLD))
  const delivery = await huawei.getLicense(PURCHASE)
  expect(delivery).toMatchObject({ delivered: true, license: 'LC1-X' })
  expect(delivery.attempts.map(({ failure }) => failure)).toEqual([
    'resultCode 000005',
    'resultCode 000005',
    null,
  ])
})

test('a License 1.0 renewal is called once, a License 2.0 renewal up to 60 times more', async () => {
  const huawei = await seller(() => ({ type: 'unknown_instance' }))
  const renewal = { orderId: 'CS-2', expireTime: '20991231000000' }
  const once = await huawei.refreshLicense({ ...renewal, instanceId: 'i-1' })
  expect(once).toMatchObject({ delivered: false, resultCode: '000003' })
  expect(once.attempts.length).toBe(1)
  const often = await huawei.refreshLicenseCode({
    ...renewal,
    scene: 'RENEWAL',
    orderLineId: 'l',
    license: 'PL1',
  })
  expect(often.attempts.length).toBe(61)
})

test('every activity reaches the server as the demand it is', async () => {
  const seen: string[] = []
  const huawei = await seller((intent) => {
    seen.push(intent.type === 'demand' ? intent.command.type : intent.type)
    return { type: 'done' }
  })
  const end = { orderId: 'CS-1', instanceId: 'i-1' }
  await huawei.refreshLicense({ ...end, expireTime: '20991231000000' })
  await huawei.expireLicense(end)
  await huawei.releaseLicense(end)
  await huawei.updateLicenseCodeStatus({ license: 'PL1', status: 'FREEZE' })
  await huawei.updateLicenseCodeStatus({ license: 'PL1', status: 'UNFREEZE' })
  await huawei.releaseLicenseCode({ license: 'PL1' })
  expect(seen.splice(0)).toEqual(['renew', 'freeze', 'release', 'freeze', 'reinstate', 'release'])
  const [line, instanceId] = [{ orderId: 'CS-2', orderLineId: 'CS-2-1' }, 'i-1']
  await huawei.newInstance(line)
  await huawei.refreshInstance({ ...line, instanceId, scene: 'RENEWAL', expireTime: '20991231000000' })
  await huawei.updateInstanceStatus({ instanceId, status: 'UNFREEZE' })
  await huawei.releaseInstance({ instanceId })
  expect(seen.splice(0)).toEqual(['opening', 'renew', 'reinstate', 'release'])
  await huawei.queryInstance({ instanceId })
  await huawei.upgradeInstance({ ...line, instanceId })
  await huawei.changeInstanceCheck({ instanceId, productInfo: { productId: 'p' } })
  await huawei.orderNotify(line)
  expect(seen).toEqual(['instance_query', 'upgrade', 'change_check', 'notice'])
  expect(huawei.log.every(({ failure }) => failure === null)).toBe(true)
})

test.each<[string, Spoiled, string]>([
  ['an answer with another status', { status: 201 }, 'HTTP status 201'],
  ['an answer of another type', { headers: { 'Content-Type': 'text/plain' } }, 'not application/json'],
  [
    'an answer signed for another body',
    { body: '{"resultCode":"000000","resultMsg":"ok"}' },
    'Body-Sign is not ours',
  ],
  ['an answer without a signature', { headers: { 'Body-Sign': '' } }, 'Body-Sign is not ours'],
])('%s is a failure', async (_, spoiled, failure) => {
  const huawei = await seller(
    () => SOLD,
    () => spoiled,
  )
  expect(
    await huawei.refreshLicense({ orderId: 'o', instanceId: 'i', expireTime: '20991231000000' }),
  ).toMatchObject({
    delivered: false,
    failure,
  })
})

test('a server that is gone is a failure and no exception', async () => {
  const huawei = await seller(() => SOLD)
  await new Promise((resolve) => server!.close(resolve))
  expect(await huawei.send(huawei.caller.getLicense(PURCHASE, huawei.moment()))).toMatchObject({
    status: null,
    failure: expect.stringMatching(/^no answer/),
  })
})
