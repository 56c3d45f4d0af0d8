import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { callersBy, INSTANCE_CALLS, LICENSE_2_CALLS, nameOf, type Target } from './every-call.ts'
import { lineOf, type Market, openMarket } from './market.ts'

const CODE = 'PL-FORGED'
const CALLS = [...LICENSE_2_CALLS, ...INSTANCE_CALLS]

let market: Market
let instance: string
beforeAll(async () => {
  market = await openMarket()
  instance = (await market.opens()).instance
  await market.learn()
  await market.send(market.caller.updateLicenseCodeStatus({ license: CODE, status: 'FREEZE' }, moment()))
})
afterAll(() => market.close())

const moment = () => market.moment()
const about = (fresh: string): Target => ({ instance, code: CODE, fresh })
const orderOf = (number: number) => `CS-FORGED-${number}`

interface Forgery {
  readonly forge: (call: HuaweiCall) => HuaweiCall
  readonly code: '000001' | '000002'
}

const inQuery = (
  name: string,
  change: (value: string) => string | null,
  code: Forgery['code'] = '000001',
): Forgery => ({
  code,
  forge(call) {
    const url = new URL(call.url)
    const changed = change(url.searchParams.get(name)!)
    if (changed === null) url.searchParams.delete(name)
    else url.searchParams.set(name, changed)
    return { ...call, url: url.toString() }
  },
})

const inBody = (change: (body: string) => string): Forgery => ({
  code: '000001',
  forge: (call) => ({ ...call, body: change(call.body!) }),
})

/** What is not sent, and is sent empty, is told before anything is checked. */
const LACKING = (['signature', 'timestamp', 'nonce'] as const).flatMap((name) => {
  const code = name === 'signature' ? '000001' : '000002'
  return [inQuery(name, () => null, code), inQuery(name, () => '', code)]
})

const turned = (value: string, at: number) => {
  const i = at % value.length
  return value.slice(0, i) + (value[i] === '0' ? '1' : '0') + value.slice(i + 1)
}

const forging: fc.Arbitrary<Forgery> = fc.oneof(
  fc.nat().map((at) => inQuery('signature', (value) => turned(value, at))),
  fc.integer({ min: 1, max: 50_000 }).map((ms) => inQuery('timestamp', (value) => `${Number(value) + ms}`)),
  fc
    .integer({ min: 61_000, max: 9e9 })
    .map((ms) => inQuery('timestamp', (value) => `${Number(value) - ms}`, '000002')),
  fc.stringMatching(/^[0-9a-z]{1,20}$/).map((more) => inQuery('nonce', (value) => value + more)),
  fc.constantFrom(...LACKING),
  fc.nat().map((at) => inBody((body) => turned(body, at))),
  fc.nat().map((at) => inBody((body) => body.slice(0, at % body.length))),
  fc.stringMatching(/^[a-z]{1,9}$/).map((name) => inBody((body) => body.replace('{', `{"x${name}":"1",`))),
  fc.constant(inBody((body) => body.replace('"activity":"', '"activity":"x'))),
)

/** Everything that a call could have changed. */
async function everything(): Promise<unknown> {
  const { store } = market.authority
  const { clock } = market
  const code = await store.byInstance('huawei', CODE)
  return [
    await store.page(null, 99),
    await store.history(instance),
    await store.history(code!.id),
    await store.orderPage(null, 999),
    await store.parked(99),
    await store.applicationsOf(instance),
    await store.places(instance, null, clock.time),
    await store.outgoingCalls(null, null, 99),
    await store.dueAlerts(clock.time, 99),
  ]
}

interface Forged {
  readonly call: HuaweiCall
  readonly code: Forgery['code']
}

async function refusesAll(forged: fc.Arbitrary<(number: number) => Forged>): Promise<void> {
  const before = await everything()
  let number = 0
  await fc.assert(
    fc.asyncProperty(forged, async (make) => {
      const { call, code } = make(++number)
      expect((await market.send(call)).code).toBe(code)
    }),
    { numRuns: 500 },
  )
  expect(number).toBeGreaterThanOrEqual(500)
  expect(await everything()).toEqual(before)
}

const GENUINE = callersBy()

test('500 calls of every activity by POST, altered after they were signed, are refused and change nothing', {
  timeout: 60_000,
}, async () => {
  const forged = fc.tuple(fc.constantFrom(...CALLS), forging)
  await refusesAll(
    forged.map(([{ build }, { forge, code }]) => (number) => {
      return { call: forge(build(GENUINE, about(orderOf(number)), moment())), code }
    }),
  )
})

test('500 calls of every activity by POST, signed with another key, are 000001 and change nothing', {
  timeout: 60_000,
}, async () => {
  const forged = fc.tuple(fc.constantFrom(...CALLS), fc.string({ minLength: 1, maxLength: 40 }))
  await refusesAll(
    forged.map(([{ build }, key]) => (number) => {
      return { call: build(callersBy(key), about(orderOf(number)), moment()), code: '000001' }
    }),
  )
})

/** What such a call would change in the target as it is then. */
const BELIEVED = [
  'refreshLicenseCode RENEWAL',
  'updateLicenseCodeStatus UNFREEZE',
  'releaseLicenseCode',
  'newInstance',
  'newInstance older form',
  'refreshInstance RENEWAL',
  'updateInstanceStatus FREEZE',
  'updateInstanceStatus UNFREEZE',
  'getLicenseAsync for a device',
  'upgradeInstance',
  'orderNotify',
  'releaseInstance',
] as const

test.each(BELIEVED)('a genuine %s is believed, or nothing above would mean anything', async (name) => {
  const { build } = CALLS.find((one) => nameOf(one) === name)!
  const before = await everything()
  const { orderId } = lineOf(market.newOrder())
  expect(await market.send(build(GENUINE, about(orderId), moment()))).toMatchObject({ code: '000000' })
  expect(await everything()).not.toEqual(before)
})
