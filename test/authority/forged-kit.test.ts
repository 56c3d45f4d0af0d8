import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { huaweiKitCaller, kitTimeStampOf } from '../../src/marketplace/huawei/caller-kit.ts'
import { ADDRESS } from './desk.ts'
import {
  applicationOf,
  departmentOf,
  departmentsOf,
  type KitDesk,
  openKitDesk,
  tenantOf,
  usersOf,
} from './kit-desk.ts'

const TENANT = 'tenant-1'
const OF_ALL = [
  ['tenantSync', tenantOf(TENANT)],
  ['applicationSync', applicationOf(TENANT)],
  ['authSync', usersOf(TENANT, 'zhang')],
  ['singleOrgSync', departmentOf(TENANT, 'org-1')],
  ['allOrgSync', { ...departmentsOf(TENANT, 'org-2'), orgInfoList: '[{"orgCode":"org-2","orgName":"x"}]' }],
] as const
type One = (typeof OF_ALL)[number]

let desk: KitDesk
beforeAll(async () => {
  desk = await openKitDesk()
  for (const [name, members] of OF_ALL.slice(0, 4))
    await desk.send(desk.kit[2].post(name, members, desk.moment()))
})
afterAll(() => desk.close())

/** Each of them would delete something, if it were believed. */
const genuine = ([name, members]: One, version: 1 | 2, by = desk.kit[version]): HuaweiCall =>
  by.post(name, { ...members, flag: 0 }, desk.moment())

type Forge = (call: HuaweiCall) => HuaweiCall

const inHeader =
  (name: string, change: (value: string) => string): Forge =>
  (call) => ({ ...call, headers: { ...call.headers, [name]: change(call.headers[name]!) } })

const inBody =
  (change: (body: string) => string): Forge =>
  (call) => ({ ...call, body: change(call.body!) })

const turned = (value: string, at: number) => {
  const i = at % value.length
  return value.slice(0, i) + (value[i] === '0' ? '1' : '0') + value.slice(i + 1)
}

const DAMAGES: readonly fc.Arbitrary<Forge>[] = [
  fc.nat().map((at) => inBody((body) => turned(body, at))),
  fc.nat().map((at) => inBody((body) => body.slice(0, at % body.length))),
  fc.stringMatching(/^[a-z]{1,9}$/).map((name) => inBody((body) => body.replace('{', `{"x${name}":"1",`))),
  fc.constant(inBody((body) => body.replace('"flag":0', '"flag":2'))),
  fc.constant(inBody((body) => body.replace(TENANT, 'tenant-2'))),
]

const FORGED: Readonly<Record<1 | 2, fc.Arbitrary<Forge>>> = {
  1: fc.oneof(
    ...DAMAGES,
    fc.nat(41).map((at) => inHeader('authToken', (value) => turned(value, at))),
    fc.constantFrom('', 'x', '=', 'null').map((value) => inHeader('authToken', () => value)),
    fc
      .integer({ min: 1, max: 2e9 })
      .map((ms) =>
        inBody((body) =>
          body.replace(/"timeStamp":"\d+"/, `"timeStamp":"${kitTimeStampOf(desk.clock.nowMs() - ms)}"`),
        ),
      ),
    fc.constant(inBody((body) => body.replace(/,?"timeStamp":"\d+"/, ''))),
  ),
  2: fc.oneof(
    ...DAMAGES,
    fc.nat().map((at) => inHeader('x-sign', (value) => turned(value, at))),
    fc
      .integer({ min: 1, max: 50_000 })
      .map((ms) => inHeader('x-timestamp', (value) => `${Number(value) + ms}`)),
    fc
      .integer({ min: 61_000, max: 9e9 })
      .map((ms) => inHeader('x-timestamp', (value) => `${Number(value) - ms}`)),
    fc.stringMatching(/^[0-9a-z]{1,20}$/).map((more) => inHeader('x-nonce', (value) => value + more)),
    fc.constantFrom('x-sign', 'x-timestamp', 'x-nonce').map((name) => inHeader(name, () => '')),
  ),
}

/** Everything that a call could have changed. */
async function everything(): Promise<unknown> {
  const { store } = desk.authority
  return [
    await store.kitPage('huawei', null, null, 999),
    await store.orderPage(null, 9),
    await store.parked(9),
  ]
}

async function refusesAll(forged: fc.Arbitrary<() => HuaweiCall>): Promise<void> {
  const before = await everything()
  let number = 0
  await fc.assert(
    fc.asyncProperty(forged, async (make) => {
      number++
      const reply = await desk.send(make())
      expect(['000001', '000002']).toContain(reply.code)
      expect(reply.signedBy).not.toBeNull()
    }),
    { numRuns: 500 },
  )
  expect(number).toBeGreaterThanOrEqual(500)
  expect(await everything()).toEqual(before)
}

const ONE = fc.constantFrom(...OF_ALL)

test.each([
  1, 2,
] as const)('500 calls of version %i, altered after they were signed, are refused and change nothing', {
  timeout: 60_000,
}, async (version) => {
  await refusesAll(
    fc.tuple(ONE, FORGED[version]).map(
      ([one, forge]) =>
        () =>
          forge(genuine(one, version)),
    ),
  )
})

test.each([
  1, 2,
] as const)('500 calls of version %i, signed with another key, are 000001 and change nothing', {
  timeout: 60_000,
}, async (version) => {
  const keys = fc.string({ minLength: 1, maxLength: 40 })
  await refusesAll(
    fc.tuple(ONE, keys).map(
      ([one, key]) =>
        () =>
          genuine(one, version, huaweiKitCaller(nodeCrypto, ADDRESS, key, version)),
    ),
  )
})

test('a call that was seen is refused at any other address, and with any other query', async () => {
  const call = genuine(OF_ALL[0], 2)
  const first = await desk.send({ ...call, url: call.url.replace('tenantSync', 'singleOrgSync') })
  expect(first.code).toBe('000002')
  const before = await everything()
  expect((await desk.send(call)).code).toBe('000001')
  expect((await desk.send({ ...call, url: `${call.url}?x=1` })).code).toBe('000001')
  expect(await everything()).toEqual(before)
})

test('a nonce that was used is refused with another body', async () => {
  const moment = desk.moment()
  await desk.send(desk.kit[2].post('tenantSync', tenantOf('tenant-9'), moment))
  const before = await everything()
  const reply = await desk.send(desk.kit[2].post('tenantSync', { ...tenantOf('tenant-9'), flag: 0 }, moment))
  expect(reply.code).toBe('000001')
  expect(await everything()).toEqual(before)
})

test('a genuine one is believed, or nothing above would mean anything', async () => {
  for (const version of [1, 2] as const) {
    const before = await everything()
    const [name, members] = OF_ALL[version]
    expect(
      await desk.send(desk.kit[version].post(name, { ...members, flag: 0 }, desk.moment())),
    ).toMatchObject({ code: '000000' })
    expect(await everything()).not.toEqual(before)
  }
})
