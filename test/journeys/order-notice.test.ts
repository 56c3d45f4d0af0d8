import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import { type OpenApi, openApi } from '../support/fake-huawei/open-api.ts'
import { expireTime, SHOP_KEY, type Shop, shop } from '../support/shop.ts'

const CREDENTIALS = { accessKeyId: 'AKOFTHESHOP', secret: 'secret-key-of-the-shop' }

describe.each(DATABASES)('orders that the marketplace gives notice of, on %s', (_, database) => {
  let seller: Shop
  let far: OpenApi
  let huawei: FakeHuawei

  beforeAll(async () => {
    seller = await shop(await database())
    far = await openApi({ credentials: CREDENTIALS, accessKey: SHOP_KEY, nowMs: Date.now })
    const keys = seller.file('open-api.txt', `${CREDENTIALS.accessKeyId}\n${CREDENTIALS.secret}\n`)
    await seller.json('channel', 'set-open-api', 'huawei', '--credentials-file', keys, '--site', far.url)
    huawei = (await seller.open()).huawei
  })
  afterAll(async () => {
    await seller.remove()
    await far.close()
  })

  const lineOf = (orderId: string) => ({ orderId, orderLineId: `${orderId}-000001` })

  const says = (orderId: string, orderType: string) => {
    const productInfo = [{ productId: 'OFFI-GOLD', linearValue: 5 }]
    const line = { ...lineOf(orderId), chargingMode: 'PERIOD', expireTime: expireTime(30), productInfo }
    far.orders.set(orderId, { orderId, orderType, createTime: expireTime(0), orderLine: [line] })
  }

  const ledger = async () => {
    const { items } = await seller.json<{ items: Record<string, unknown>[] }>('order', 'list')
    return items.map(({ number, cause, state, license }) => [number, cause, state, license]).sort()
  }

  it('are asked for, learnt and found by number, an unsubscription too, and make no license', async () => {
    says('CS-PAID', 'NEW')
    says('CS-REFUND', 'UNSUBSCRIBE')
    for (const order of ['CS-PAID', 'CS-REFUND', 'CS-PAID'])
      expect((await huawei.orderNotify(lineOf(order))).failure).toBeNull()
    await expect.poll(ledger, { timeout: 15_000 }).toEqual([
      ['CS-PAID', 'notice', 'learnt', null],
      ['CS-REFUND', 'notice', 'learnt', null],
    ])
    expect(far.received.map(({ fault }) => fault)).toEqual([null, null])
    const shown = await seller.run('order', 'show', 'CS-REFUND')
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('UNSUBSCRIBE')])
    expect((await seller.json<{ items: unknown[] }>('license', 'list')).items).toEqual([])
  })

  it('of the debugging console are answered and not written down', async () => {
    expect((await huawei.orderNotify(lineOf('MOCKPERIODYEARNEW'))).failure).toBeNull()
    expect(await ledger()).toHaveLength(2)
  })
})
