import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallingShop, callingShop, lineOf } from '../support/calling-shop.ts'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { OpenApi } from '../support/fake-huawei/open-api.ts'
import type { Shop } from '../support/shop.ts'

describe.each(DATABASES)('orders that the marketplace gives notice of, on %s', (_, database) => {
  let made: CallingShop
  let seller: Shop
  let far: OpenApi
  let huawei: FakeHuawei

  beforeAll(async () => {
    made = await callingShop(await database())
    ;({ seller, far } = made)
    huawei = (await seller.open()).huawei
  })
  afterAll(() => made.remove())

  const ledger = async () => {
    const { items } = await seller.json<{ items: Record<string, unknown>[] }>('order', 'list')
    return items.map(({ number, cause, state, license }) => [number, cause, state, license]).sort()
  }

  it('are asked for, learnt and found by number, an unsubscription too, and make no license', async () => {
    made.says('CS-PAID', 'NEW', 5)
    made.says('CS-REFUND', 'UNSUBSCRIBE', 5)
    for (const order of ['CS-PAID', 'CS-REFUND', 'CS-PAID'])
      expect((await huawei.orderNotify(lineOf(order))).failure).toBeNull()
    await expect.poll(ledger, { timeout: 15_000 }).toEqual([
      ['CS-PAID', 'notice', 'learnt', null],
      ['CS-REFUND', 'notice', 'learnt', null],
    ])
    // The first call proves the credentials.
    expect(far.received.map(({ fault }) => fault)).toEqual([null, null, null])
    const shown = await seller.run('order', 'show', 'CS-REFUND')
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('UNSUBSCRIBE')])
    expect((await seller.json<{ items: unknown[] }>('license', 'list')).items).toEqual([])
  })

  it('of the debugging console are answered and not written down', async () => {
    expect((await huawei.orderNotify(lineOf('MOCKPERIODYEARNEW'))).failure).toBeNull()
    expect(await ledger()).toHaveLength(2)
  })
})
