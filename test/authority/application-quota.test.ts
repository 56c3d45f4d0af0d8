import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operate } from '../../src/authority/operate.ts'
import { NOON } from '../support/instance.ts'
import { type Applying, applyingAt, inDaysUtc, newEvent } from './applying.ts'
import { DAY, inDays } from './desk.ts'
import { lineOf, type Market, openMarket, orderOf } from './market.ts'

let market: Market
let desk: Applying
beforeAll(async () => {
  market = await openMarket()
  desk = applyingAt(market)
})
afterAll(() => market.close())

let instance: string
beforeEach(async () => {
  market.clock.time = NOON
  instance = await opened(2)
})

async function opened(seats: number): Promise<string> {
  const order = market.newOrder()
  const { instance: id } = await market.opens(order, orderOf(order, { product: { linearValue: seats } }))
  await market.learn()
  return id
}

const renew = (days: number) =>
  market.send(
    market.caller.refreshInstance(
      { ...lineOf(market.newOrder()), scene: 'RENEWAL', instanceId: instance, expireTime: inDays(days) },
      market.moment(),
    ),
  )

async function downgradeTo(seats: number): Promise<void> {
  const order = market.newOrder()
  market.orders.set(order, orderOf(order, { type: 'CHANGE', product: { linearValue: seats } }))
  await market.send(
    market.caller.upgradeInstance({ ...lineOf(order), instanceId: instance }, market.moment()),
  )
  await market.learn()
}

/** The code of each device in turn, at an event of its own. */
async function codesOf(devices: readonly string[], expireTime = inDaysUtc(30)): Promise<string[]> {
  const codes: string[] = []
  for (const deviceFingerprint of devices) {
    const { code } = await desk.apply(instance, { eventId: newEvent(), deviceFingerprint, expireTime })
    codes.push(code)
  }
  return codes
}

describe('of two seats', () => {
  test('each device takes one, however often it applies, and a third gets 000900', async () => {
    expect(await codesOf(['a', 'a', 'b', 'a', 'b', 'c', 'a', 'd'])).toEqual([
      '000000',
      '000000',
      '000000',
      '000000',
      '000000',
      '000900',
      '000000',
      '000900',
    ])
    await market.learn()
    expect(await market.authority.store.places(instance, 'cc', NOON)).toMatchObject({ others: 2 })
  })

  test('all texts for any device together take one', async () => {
    const unbound = () => desk.apply(instance, { eventId: newEvent(), deviceFingerprint: undefined })
    expect(await unbound()).toMatchObject({ code: '000000' })
    expect(await unbound()).toMatchObject({ code: '000000' })
    expect(await codesOf(['a', 'b'])).toEqual(['000000', '000900'])
  })

  test('a device gives its seat back when its code runs out, grace included', async () => {
    expect(await codesOf(['a', 'b'], inDaysUtc(7))).toEqual(['000000', '000000'])
    market.clock.time = NOON + 10 * DAY - 1
    expect(await codesOf(['c'])).toEqual(['000900'])
    market.clock.time = NOON + 10 * DAY
    expect(await codesOf(['c', 'd', 'e'])).toEqual(['000000', '000000', '000900'])
  })

  test('those of the next term are free for other devices when the codes of the last have run out', async () => {
    await codesOf(['a', 'b'])
    await renew(60)
    expect(await codesOf(['c'], inDaysUtc(60))).toEqual(['000900'])
    market.clock.time = NOON + 33 * DAY
    expect(await codesOf(['c', 'd', 'a'], inDaysUtc(60))).toEqual(['000000', '000000', '000900'])
  })

  test('a third comes with an upgrade', async () => {
    await codesOf(['a', 'b'])
    const order = market.newOrder()
    market.orders.set(order, orderOf(order, { type: 'CHANGE', product: { linearValue: 3 } }))
    await market.send(
      market.caller.upgradeInstance({ ...lineOf(order), instanceId: instance }, market.moment()),
    )
    expect(await codesOf(['c'])).toEqual(['000900'])
    await market.learn()
    expect(await codesOf(['c', 'd'])).toEqual(['000000', '000900'])
  })

  test('the one that was given up is that of the device which took its own last', async () => {
    await codesOf(['a', 'b', 'a'])
    await downgradeTo(1)
    expect(await codesOf(['b', 'a', 'c'])).toEqual(['000900', '000000', '000900'])
    market.clock.time = NOON + 33 * DAY
    await renew(60)
    expect(await codesOf(['b', 'a'], inDaysUtc(60))).toEqual(['000000', '000900'])
  })

  test('all are free again when the codes so far have leaked', async () => {
    await codesOf(['a', 'b'])
    const leaked = { type: 'reissue', leaked: true } as const
    await operate(market.authority, { id: instance }, leaked, { who: 'operator', reason: null })
    expect(await codesOf(['c', 'a', 'b', 'c'])).toEqual(['000000', '000000', '000900', '000000'])
  })

  test('two processes never give the last one twice', async () => {
    const second = await market.reopen()
    const devices = Array.from({ length: 12 }, (_, n) => `machine-${n}`)
    const replies = await Promise.all(
      devices.map((deviceFingerprint, n) =>
        market.send(
          market.caller.getLicenseAsync(
            {
              instanceId: instance,
              eventId: newEvent(),
              effectiveTime: inDaysUtc(0),
              expireTime: inDaysUtc(30),
              deviceFingerprint,
            },
            market.moment(),
          ),
          n % 2 === 0 ? market.authority : second.authority,
        ),
      ),
    )
    const given = replies.filter(({ code }) => code === '000000')
    expect(given).toHaveLength(2)
    // Whoever lost all its tries to the other process is asked to come again.
    for (const { code } of replies) expect(['000000', '000900', '000005']).toContain(code)
    await second.close()
  })
})

test('unlimited seats are never used up', async () => {
  const order = market.newOrder()
  const before = await market.authority.store.byId(instance)
  expect(before).toMatchObject({ terms: { seats: 2 } })
  await market.opens(order)
  const unlimited = { ...before!, terms: { ...(before as { terms: object }).terms, seats: 0 } }
  const store = { ...market.authority.store, byInstance: async () => unlimited as never }
  const authority = { ...market.authority, store }
  for (const deviceFingerprint of ['a', 'b', 'c', 'd']) {
    const call = market.caller.getLicenseAsync(
      {
        instanceId: instance,
        eventId: newEvent(),
        effectiveTime: inDaysUtc(0),
        expireTime: inDaysUtc(30),
        deviceFingerprint,
      },
      market.moment(),
    )
    expect(await market.send(call, authority)).toMatchObject({ code: '000000' })
  }
})
