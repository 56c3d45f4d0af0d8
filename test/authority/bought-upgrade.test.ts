import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import type { Bought } from '../../src/authority/marketplace.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { upgrade } from '../../src/authority/upgrade.ts'
import { CATALOG } from '../support/instance.ts'
import { type Market, openMarket } from './market.ts'

/* An upgrade whose call says what was bought: nobody has to be asked. */

let market: Market
beforeAll(async () => {
  market = await openMarket()
})
afterAll(() => market.close())

let instance: string
let order: { readonly id: string; readonly line: string }
beforeEach(async () => {
  instance = (await market.opens()).instance
  await market.learn()
  order = { id: market.newOrder(), line: instance }
})

const BASE: Bought = { marketplaceProduct: 'OFFI-BASE', sku: null, quantity: null }
const NONE: Bought = { marketplaceProduct: 'OFFI-LATER', sku: null, quantity: null }
const NONE_AT_ALL: Bought = { ...NONE, marketplaceProduct: 'OFFI-NEVER' }
const found = () => market.authority.store.byInstance('huawei', instance)
const parked = async () => (await market.authority.store.parked(99)).filter((call) => call.order === order.id)

/** As `receive` does with what the use case decides. */
async function send(bought: Bought, of = instance): Promise<string> {
  const snapshot = await market.authority.configuration.current(market.clock.now())
  const channel = snapshot.channels.get('huawei')!
  const wanted = { type: 'upgrade', test: false, instance: of, order, bought } as const
  const { reply, batch } = await upgrade(market.authority, snapshot, channel, wanted)
  expect(await market.authority.store.commit(batch)).toBe('committed')
  return reply.type
}

test('it changes the license at once, and only once', async () => {
  expect(await send(BASE)).toBe('done')
  const changed = await found()
  expect(changed).toMatchObject({ terms: { edition: 1, seats: 3 } })
  expect(await send(BASE)).toBe('done')
  expect(await found()).toEqual(changed)
  expect(market.asked).not.toContain(order.id)
})

test('what no offer sells waits; every re-send is told so, and support once', async () => {
  for (let n = 0; n < 3; n++) expect(await send(NONE)).toBe('unavailable')
  expect(await parked()).toMatchObject([{ why: 'no_matching_offer' }])
  expect(await found()).toMatchObject({ terms: { edition: 2 } })
  const offer = {
    channel: 'huawei',
    marketplaceProduct: 'OFFI-LATER',
    product: 'cad-pro',
    edition: 'standard',
  }
  await applyCatalog(market.authority, { ...CATALOG, offers: [...CATALOG.offers, { ...offer, seats: 8 }] })
  await sweep(market.authority)
  expect(await found()).toMatchObject({ terms: { edition: 1, seats: 8 } })
  expect(await parked()).toEqual([])
  expect(await send(NONE)).toBe('done')
})

test('an offer of another product changes nothing', async () => {
  const other = { ...CATALOG.products[0]!, id: 1002, code: 'cam-pro' }
  const offer = { channel: 'huawei', marketplaceProduct: 'OFFI-CAM', product: 'cam-pro', edition: 'standard' }
  await applyCatalog(market.authority, {
    products: [...CATALOG.products, other],
    offers: [...CATALOG.offers, { ...offer, seats: 1 }],
  })
  expect(await send({ ...BASE, marketplaceProduct: 'OFFI-CAM' })).toBe('unavailable')
  expect(await parked()).toMatchObject([{ why: 'other_product' }])
  expect(await found()).toMatchObject({ terms: { product: 1001, edition: 2 } })
})

test.each([
  ['of the same second', 0],
  ['by a clock that was set back', -60],
])('a second one %s is the newer one', async (_, seconds) => {
  const gold: Bought = { marketplaceProduct: 'OFFI-GOLD', sku: null, quantity: '9' }
  market.clock.time += 60
  order = { id: `CS-Z${instance}`, line: instance }
  expect(await send(BASE)).toBe('done')
  market.clock.time += seconds
  order = { id: `CS-A${instance}`, line: instance }
  expect(await send(gold)).toBe('done')
  expect(await found()).toMatchObject({ terms: { edition: 2, seats: 9 } })
  order = { id: `CS-0${instance}`, line: instance }
  expect(await send(NONE_AT_ALL)).toBe('unavailable')
  expect(await parked()).toMatchObject([{ why: 'no_matching_offer' }])
})

test('of a released or an unknown instance it is refused', async () => {
  expect(await send(BASE, 'nobody')).toBe('unknown_instance')
  await market.send(market.caller.releaseInstance({ instanceId: instance }, market.moment()))
  expect(await send(BASE)).toBe('refused')
  expect(await market.authority.store.ordersNumbered(order.id)).toEqual([])
})
