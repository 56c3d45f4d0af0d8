import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import {
  type Callers,
  callersBy,
  type EveryCall,
  LICENSE_1_CALLS,
  nameOf,
  SAAS_1_CALLS,
} from './every-call.ts'
import { openSaas1Desk, type Saas1Desk } from './saas-1-kit.ts'

let desk: Saas1Desk
let instance: string
beforeAll(async () => {
  desk = await openSaas1Desk()
  instance = (await desk.opens()).instance
})
afterAll(() => desk.close())

const CALLS = [...LICENSE_1_CALLS, ...SAAS_1_CALLS]
const GENUINE = callersBy()

/** Each of them would change something if it were believed. `awayMs` is how far its clock is from ours. */
function genuine(
  { build }: EveryCall,
  number: number,
  by: Callers = GENUINE,
  awayMs = number % 60_000,
): HuaweiCall {
  const at = { ...desk.moment(), nowMs: desk.clock.nowMs() + awayMs }
  return build(by, { instance, code: 'PL-NONE', fresh: `CS-FORGED-${number}` }, at)
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

/** The code of the first check that fails, in the documented order; all tokens here are wrong. */
function documented({ url }: HuaweiCall): '000001' | '000002' {
  const query = new URL(url).searchParams
  if (!query.get('authToken')) return '000001'
  const hasOneReading = new Set(query.keys()).size === query.size && !query.get('activity')?.includes('&')
  return hasOneReading && isFresh(query.get('timeStamp') ?? '') ? '000001' : '000002'
}

const PARTS = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/

function isFresh(timeStamp: string): boolean {
  const iso = timeStamp.replace(PARTS, '$1-$2-$3T$4:$5:$6.$7Z')
  const ms = iso === timeStamp ? Number.NaN : Date.parse(iso)
  const isDate = !Number.isNaN(ms) && new Date(ms).toISOString() === iso
  return isDate && Math.abs(ms - desk.clock.nowMs()) <= 900_000
}

async function refusesAll(forged: fc.Arbitrary<(number: number) => HuaweiCall>): Promise<void> {
  const before = await everything()
  let number = 0
  await fc.assert(
    fc.asyncProperty(forged, async (make) => {
      const call = make(++number)
      expect((await desk.send(call)).code).toBe(documented(call))
    }),
    { numRuns: 500 },
  )
  expect(number).toBeGreaterThanOrEqual(500)
  expect(await everything()).toEqual(before)
}

test('500 calls of every activity by GET, altered after they were signed, are refused and change nothing', async () => {
  const forged = fc.tuple(fc.constantFrom(...CALLS), forging)
  await refusesAll(
    forged.map(
      ([one, forge]) =>
        (number) =>
          forge(genuine(one, number)),
    ),
  )
})

test('500 calls of every activity by GET, signed with another key, are refused and change nothing', async () => {
  const forged = fc.tuple(fc.constantFrom(...CALLS), fc.string({ minLength: 1, maxLength: 40 }))
  await refusesAll(
    forged.map(
      ([one, key]) =>
        (number) =>
          genuine(one, number, callersBy(key)),
    ),
  )
})

test('500 calls of every activity by GET, signed too long ago or ahead of time, are refused and change nothing', async () => {
  const away = fc.integer({ min: 900_001, max: 9e8 })
  const forged = fc.tuple(fc.constantFrom(...CALLS), away, fc.boolean())
  const before = await everything()
  await fc.assert(
    fc.asyncProperty(forged, async ([one, ms, ahead]) => {
      const call = genuine(one, 0, GENUINE, ahead ? ms : -ms)
      expect((await desk.send(call)).code).toBe('000002')
    }),
    { numRuns: 500 },
  )
  expect(await everything()).toEqual(before)
})

/** In an order in which each finds something to change. */
const BELIEVED = [
  'getLicense',
  'newInstance',
  'refreshLicense',
  'refreshInstance trialToFormal 1',
  'upgrade',
  'expireLicense',
  'instanceStatus NORMAL',
  'expireInstance',
  'instanceStatus NORMAL',
  'instanceStatus FREEZE',
] as const

test.each([
  ...BELIEVED.map((name, n) => [name, n] as const),
  ['releaseLicense', BELIEVED.length],
] as const)('a genuine %s is believed, or nothing above would mean anything', async (name, number) => {
  const one = CALLS.find((call) => nameOf(call) === name)!
  const before = await everything()
  desk.clock.time += 1
  expect(await desk.send(genuine(one, number))).toMatchObject({ code: '000000' })
  expect(await everything()).not.toEqual(before)
})
