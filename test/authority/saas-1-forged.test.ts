import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { saas1Caller } from '../../src/marketplace/huawei/caller-saas-1.ts'
import { ADDRESS, inDays } from './desk.ts'
import { openSaas1Desk, type Saas1Desk } from './saas-1-kit.ts'

let desk: Saas1Desk
let instance: string
beforeAll(async () => {
  desk = await openSaas1Desk()
  instance = (await desk.opens()).instance
})
afterAll(() => desk.close())

const ACTIVITIES = [
  'newInstance',
  'refreshInstance',
  'expireInstance',
  'releaseInstance',
  'upgrade',
  'instanceStatus',
] as const

/** Each of them would change something if it were believed. */
function genuine(
  activity: (typeof ACTIVITIES)[number],
  number: number,
  by = desk.elder,
  awayMs = number % 60_000,
): HuaweiCall {
  const named = { orderId: `CS-FORGED-${number}`, instanceId: instance }
  const at = { ...desk.moment(), nowMs: desk.clock.nowMs() + awayMs }
  switch (activity) {
    case 'newInstance': {
      const buyer = { customerId: 'customer-1', customerName: '张三' }
      const order = { orderId: named.orderId, productId: 'OFFI-GOLD', amount: 5 }
      return by.newInstance({ ...buyer, ...order, expireTime: inDays(30) }, at)
    }
    case 'refreshInstance':
      return by.refreshInstance({ ...named, expireTime: inDays(600), trialToFormal: '1' }, at)
    case 'expireInstance':
      return by.expireInstance(named, at)
    case 'releaseInstance':
      return by.releaseInstance(named, at)
    case 'upgrade':
      return by.upgrade({ ...named, productId: 'OFFI-BASE', skuCode: 'sku' }, at)
    case 'instanceStatus':
      return by.instanceStatus({ instanceId: instance, instanceStatus: 'FREEZE' }, at)
  }
}

type Forge = (call: HuaweiCall) => HuaweiCall

const inQuery =
  (change: (query: URLSearchParams) => void): Forge =>
  (call) => {
    const url = new URL(call.url)
    change(url.searchParams)
    return { ...call, url: url.toString() }
  }

const turned = (value: string, at: number): string => {
  const i = at % value.length
  return value.slice(0, i) + (value[i] === '0' ? '1' : '0') + value.slice(i + 1)
}

/** Of some parameter, the token's own and the activity's too. */
const ofOne = (change: (value: string, at: number) => string): fc.Arbitrary<Forge> =>
  fc.tuple(fc.nat(), fc.nat()).map(([which, at]) =>
    inQuery((query) => {
      const names = [...query.keys()]
      const name = names[which % names.length]!
      query.set(name, change(query.get(name)!, at))
    }),
  )

const without: fc.Arbitrary<Forge> = fc.nat().map((which) =>
  inQuery((query) => {
    const names = [...query.keys()]
    query.delete(names[which % names.length]!)
  }),
)

const forging: fc.Arbitrary<Forge> = fc.oneof(
  ofOne(turned),
  ofOne((value, at) => value.slice(0, at % value.length)),
  ofOne((value) => `${value}x`),
  without,
  fc
    .constantFrom('testFlag', 'trialToFormal', 'amount', 'ofNextYear')
    .map((name) => inQuery((query) => query.set(name, '7'))),
  fc.nat().map((at) =>
    inQuery((query) => {
      const [name, value] = [...query][at % query.size]!
      query.append(name, value)
    }),
  ),
  // Cut anew: the text that is signed stays what it was.
  fc.constant(
    inQuery((query) => {
      query.set('activity', `${query.get('activity')}&instanceId=${query.get('instanceId')}`)
      query.delete('instanceId')
    }),
  ),
)

/** Everything that a call could have changed. */
async function everything(): Promise<unknown> {
  const { store } = desk.authority
  return [
    await store.page(null, 99),
    await store.history(instance),
    await store.orderPage(null, 999),
    await store.parked(99),
    await store.outgoingCalls(null, null, 99),
    await store.dueAlerts(desk.clock.time, 99),
  ]
}

async function refusesAll(forged: fc.Arbitrary<(number: number) => HuaweiCall>): Promise<void> {
  const before = await everything()
  const codes = new Set<string>()
  let number = 0
  await fc.assert(
    fc.asyncProperty(forged, async (make) => {
      codes.add((await desk.send(make(++number))).code)
    }),
    { numRuns: 500 },
  )
  expect(number).toBeGreaterThanOrEqual(500)
  expect([...codes].filter((code) => code !== '000001' && code !== '000002')).toEqual([])
  expect(codes).toContain('000001')
  expect(await everything()).toEqual(before)
}

test('500 calls, altered after they were signed, are refused and change nothing', async () => {
  const forged = fc.tuple(fc.constantFrom(...ACTIVITIES), forging)
  await refusesAll(
    forged.map(
      ([activity, forge]) =>
        (number) =>
          forge(genuine(activity, number)),
    ),
  )
})

test('500 calls, signed with another key, are refused and change nothing', async () => {
  const forged = fc.tuple(fc.constantFrom(...ACTIVITIES), fc.string({ minLength: 1, maxLength: 40 }))
  await refusesAll(
    forged.map(
      ([activity, key]) =>
        (number) =>
          genuine(activity, number, saas1Caller(nodeCrypto, ADDRESS, key)),
    ),
  )
})

test('500 calls, signed too long ago or ahead of time, are refused and change nothing', async () => {
  const away = fc.integer({ min: 900_001, max: 9e8 })
  const forged = fc.tuple(fc.constantFrom(...ACTIVITIES), away, fc.boolean())
  const before = await everything()
  await fc.assert(
    fc.asyncProperty(forged, async ([activity, ms, ahead]) => {
      const call = genuine(activity, 0, desk.elder, ahead ? ms : -ms)
      expect((await desk.send(call)).code).toBe('000002')
    }),
    { numRuns: 500 },
  )
  expect(await everything()).toEqual(before)
})

test('a genuine one is believed, or nothing above would mean anything', async () => {
  const order = ['newInstance', 'refreshInstance', 'upgrade', 'instanceStatus', 'releaseInstance'] as const
  for (const [number, activity] of order.entries()) {
    const before = await everything()
    desk.clock.time += 1
    expect(await desk.send(genuine(activity, number)), activity).toMatchObject({ code: '000000' })
    expect(await everything(), activity).not.toEqual(before)
  }
})
