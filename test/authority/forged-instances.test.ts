import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { type HuaweiCall, huaweiCaller } from '../../src/marketplace/huawei/caller.ts'
import { inDaysUtc } from './applying.ts'
import { ADDRESS, inDays } from './desk.ts'
import { lineOf, type Market, openMarket } from './market.ts'

let market: Market
let instance: string
beforeAll(async () => {
  market = await openMarket()
  instance = (await market.opens()).instance
  await market.learn()
})
afterAll(() => market.close())

const ACTIVITIES = [
  'newInstance',
  'refreshInstance',
  'updateInstanceStatus',
  'releaseInstance',
  'queryInstance',
  'upgradeInstance',
  'changeInstanceCheck',
  'getLicenseAsync',
  'orderNotify',
] as const

/** Each of them would change something, or tell something, if it were believed. */
function genuine(activity: (typeof ACTIVITIES)[number], number: number, by = market.caller): HuaweiCall {
  const named = { ...lineOf(`CS-FORGED-${number}`), instanceId: instance }
  const at = market.moment()
  switch (activity) {
    case 'newInstance':
      return by.newInstance(named, at)
    case 'refreshInstance':
      return by.refreshInstance({ ...named, scene: 'RENEWAL', expireTime: inDays(600) }, at)
    case 'updateInstanceStatus':
      return by.updateInstanceStatus({ instanceId: instance, status: 'FREEZE' }, at)
    case 'releaseInstance':
      return by.releaseInstance(named, at)
    case 'queryInstance':
      return by.queryInstance(named, at)
    case 'upgradeInstance':
      return by.upgradeInstance(named, at)
    case 'changeInstanceCheck':
      return by.changeInstanceCheck({ instanceId: instance, productInfo: { productId: 'OFFI-BASE' } }, at)
    case 'getLicenseAsync':
      return by.getLicenseAsync(
        {
          instanceId: instance,
          eventId: `EV-${number}`,
          effectiveTime: inDaysUtc(0),
          expireTime: inDaysUtc(9),
        },
        at,
      )
    case 'orderNotify':
      return by.orderNotify(named, at)
  }
}

type Forge = (call: HuaweiCall) => HuaweiCall

const inQuery =
  (name: string, change: (value: string) => string): Forge =>
  (call) => {
    const url = new URL(call.url)
    url.searchParams.set(name, change(url.searchParams.get(name)!))
    return { ...call, url: url.toString() }
  }

const without =
  (name: string): Forge =>
  (call) => {
    const url = new URL(call.url)
    url.searchParams.delete(name)
    return { ...call, url: url.toString() }
  }

const inBody =
  (change: (body: string) => string): Forge =>
  (call) => ({ ...call, body: change(call.body!) })

const PARAMETERS = fc.constantFrom('signature', 'timestamp', 'nonce')
const turnHex = (value: string, at: number) => {
  const i = at % value.length
  return value.slice(0, i) + (value[i] === '0' ? '1' : '0') + value.slice(i + 1)
}

const forging: fc.Arbitrary<Forge> = fc.oneof(
  fc.nat().map((at) => inQuery('signature', (value) => turnHex(value, at))),
  fc.integer({ min: 1, max: 50_000 }).map((ms) => inQuery('timestamp', (value) => `${Number(value) + ms}`)),
  fc.integer({ min: 61_000, max: 9e9 }).map((ms) => inQuery('timestamp', (value) => `${Number(value) - ms}`)),
  fc.stringMatching(/^[0-9a-z]{1,20}$/).map((more) => inQuery('nonce', (value) => value + more)),
  PARAMETERS.map(without),
  PARAMETERS.map((name) => inQuery(name, () => '')),
  fc.nat().map((at) => inBody((body) => turnHex(body, at))),
  fc.nat().map((at) => inBody((body) => body.slice(0, at % body.length))),
  fc.stringMatching(/^[a-z]{1,9}$/).map((name) => inBody((body) => body.replace('{', `{"x${name}":"1",`))),
  fc.constant(
    inBody((body) => body.replace(/CS-FORGED/g, 'CS-OTHER').replace(/"instanceId":"./, '"instanceId":"x')),
  ),
)

/** Everything that a call could have changed. */
async function everything(): Promise<unknown> {
  const { store } = market.authority
  const { clock } = market
  return [
    await store.page(null, 99),
    await store.history(instance),
    await store.orderPage(null, 999),
    await store.parked(99),
    await store.applicationsOf(instance),
    await store.places(instance, null, clock.time),
    await store.outgoingCalls(null, null, 99),
    await store.dueAlerts(clock.time, 99),
  ]
}

async function refusesAll(forged: fc.Arbitrary<(number: number) => HuaweiCall>, runs: number): Promise<void> {
  const before = await everything()
  let number = 0
  await fc.assert(
    fc.asyncProperty(forged, async (make) => {
      expect(['000001', '000002']).toContain((await market.send(make(++number))).code)
    }),
    { numRuns: runs },
  )
  expect(number).toBeGreaterThanOrEqual(runs)
  expect(await everything()).toEqual(before)
}

test('500 calls of every activity, altered after they were signed, are refused and change nothing', {
  timeout: 60_000,
}, async () => {
  const forged = fc.tuple(fc.constantFrom(...ACTIVITIES), forging)
  await refusesAll(
    forged.map(
      ([activity, forge]) =>
        (number) =>
          forge(genuine(activity, number)),
    ),
    500,
  )
})

test('500 calls of every activity, signed with another key, are 000001 and change nothing', {
  timeout: 60_000,
}, async () => {
  const forged = fc.tuple(fc.constantFrom(...ACTIVITIES), fc.string({ minLength: 1, maxLength: 40 }))
  await refusesAll(
    forged.map(
      ([activity, key]) =>
        (number) =>
          genuine(activity, number, huaweiCaller(nodeCrypto, ADDRESS, key)),
    ),
    500,
  )
})

test.each([
  'refreshInstance',
  'getLicenseAsync',
] as const)('a genuine %s is believed, or nothing above would mean anything', async (activity) => {
  const before = await everything()
  expect(await market.send(genuine(activity, 0))).toMatchObject({ code: '000000' })
  expect(await everything()).not.toEqual(before)
})
