import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEntry } from '../../src/authority/kit.ts'
import { ACTIVITIES } from '../../src/marketplace/huawei/activities.ts'
import { KIT_ADDRESSES } from '../../src/marketplace/huawei/kit.ts'
import { NOON } from '../support/instance.ts'
import {
  callersBy,
  type EveryCall,
  INSTANCE_CALLS,
  kitCallsOf,
  LICENSE_1_CALLS,
  LICENSE_2_CALLS,
  nameOf,
  SAAS_1_CALLS,
  type Target,
} from './every-call.ts'
import { type Market, openMarket } from './market.ts'

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

const FAMILIES: Readonly<Record<string, readonly EveryCall[]>> = {
  'License 1.0': LICENSE_1_CALLS,
  'SaaS 1.0': SAAS_1_CALLS,
  'License 2.0': LICENSE_2_CALLS,
  'instances and order notices': INSTANCE_CALLS,
  'kit, version 1': kitCallsOf(1),
  'kit, version 2': kitCallsOf(2),
}
const called = (...lists: readonly (readonly EveryCall[])[]) =>
  [...new Set(lists.flat().map(({ activity }) => activity))].sort()

test('every activity that Licet knows is among these', () => {
  expect(called(LICENSE_1_CALLS, SAAS_1_CALLS)).toEqual([...ACTIVITIES.GET.keys()].sort())
  expect(called(LICENSE_2_CALLS, INSTANCE_CALLS)).toEqual([...ACTIVITIES.POST.keys()].sort())
  const addresses = [...called(kitCallsOf(1)).map((name) => `/produceAPI/${name}`)]
  expect([...addresses, ...called(kitCallsOf(2)).map((name) => `/produceAPI/v2/${name}`)].sort()).toEqual(
    [...KIT_ADDRESSES].sort(),
  )
})

/** Everything that a call could have changed. */
async function everything({ instance, code, fresh }: Target): Promise<unknown> {
  const { store, sealing } = market.authority
  const { items: kit } = await store.kitPage('huawei', null, null, 999)
  const met = await store.byInstance('huawei', code)
  return [
    await store.page(null, 999),
    await store.history(instance),
    met && (await store.history(met.id)),
    await store.orderPage(null, 999),
    await store.parked(999),
    await store.applicationsOf(instance),
    await store.places(instance, null, NOON),
    await store.outgoingCalls(null, null, 999),
    await store.dueAlerts(NOON, 999),
    // Only when it was last said is told anew.
    kit.filter(({ tenant }) => tenant === fresh).map((entry) => [entry.id, openEntry(sealing, entry)]),
  ]
}

const BY = callersBy()

describe.each(Object.entries(FAMILIES))('of %s', (_, calls) => {
  test.each(
    calls.map((one) => [nameOf(one), one] as const),
  )('%s, fifty times as it was sent and fifty times signed anew, gets equal bytes and is done once', async (_, {
    activity,
    code,
    build,
  }) => {
    const fresh = market.newOrder()
    const { instance } = await market.opens()
    await market.learn()
    const target = { instance, code: `PL-${fresh}`, fresh }
    let sent = 0
    const again = () => {
      const moment = { ...market.moment(), nowMs: market.clock.nowMs() + sent++ }
      return build(BY, target, moment)
    }
    const first = again()
    const answer = await market.send(first)
    expect([answer.code, answer.told.activity]).toEqual([code, activity])
    const after = await everything(target)
    const same = await Promise.all(Array.from({ length: 50 }, () => market.send(first)))
    const anew = await Promise.all(Array.from({ length: 50 }, () => market.send(again())))
    expect(new Set([...same, ...anew].map(({ body }) => body))).toEqual(new Set([answer.body]))
    expect(await everything(target)).toEqual(after)
  })
})
