import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallingShop, callingShop, lineOf } from '../support/calling-shop.ts'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { OpenApi } from '../support/fake-huawei/open-api.ts'
import { expireTime, type Shop } from '../support/shop.ts'

describe.each(DATABASES)('the life of an instance on %s, whose order is learnt', (_, database) => {
  let made: CallingShop
  let seller: Shop
  let far: OpenApi
  let huawei: FakeHuawei

  beforeAll(async () => {
    made = await callingShop(await database())
    ;({ seller, far } = made)
    await seller.json('channel', 'set', 'huawei', '--front-end-url', 'https://cad.example.com/')
    huawei = (await seller.open()).huawei
  })
  afterAll(() => made.remove())

  /** As the marketplace does: asked until it shows something else. */
  async function shown(instanceId: string, before?: string): Promise<string> {
    for (;;) {
      const { body, failure } = await huawei.queryInstance({ instanceId })
      expect(failure).toBeNull()
      const { memo, frontEndUrl } = JSON.parse(body).info[0].appInfo ?? {}
      if (memo !== undefined && memo !== before) {
        expect(frontEndUrl).toBe('https://cad.example.com/')
        return memo
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  const verdict = (text: string) =>
    seller.json<{ valid: boolean; license: { seats: number } }>(
      'verify',
      seller.file('license.txt', text),
      '--product',
      '1001',
    )

  it('goes purchase, upgrade, renewal, release, and the ledger tells of every order', async () => {
    made.says('CS-OPEN', 'NEW', 5)
    made.says('CS-MORE', 'CHANGE', 50)
    const opened = await huawei.newInstance(lineOf('CS-OPEN'))
    expect(opened.failure).toBeNull()
    const instanceId = opened.instanceId!
    const first = await shown(instanceId)
    expect(await verdict(first)).toMatchObject({ valid: true, license: { seats: 5 } })

    expect((await huawei.upgradeInstance({ ...lineOf('CS-MORE'), instanceId })).failure).toBeNull()
    const second = await shown(instanceId, first)
    expect(await verdict(second)).toMatchObject({ valid: true, license: { seats: 50 } })

    const renewal = { ...lineOf('CS-LONGER'), scene: 'RENEWAL', instanceId, expireTime: expireTime(60) }
    expect((await huawei.refreshInstance(renewal)).failure).toBeNull()
    expect((await huawei.releaseInstance({ instanceId, ...lineOf('CS-END') })).failure).toBeNull()

    const { items } = await seller.json<{ items: readonly Record<string, unknown>[] }>('order', 'list')
    // Those of one second stand in the order of their numbers.
    expect(items.map(({ number, cause, state, license }) => [number, cause, state, license]).sort()).toEqual([
      ['CS-END', 'cancellation', 'applied', instanceId],
      ['CS-LONGER', 'renewal', 'applied', instanceId],
      ['CS-MORE', 'upgrade', 'applied', instanceId],
      ['CS-OPEN', 'opening', 'applied', instanceId],
    ])
  })

  it('answers at once while the open API hangs', async () => {
    made.says('CS-HANG', 'NEW', 5)
    far.next(() => {})
    const begun = Date.now()
    const opened = await huawei.newInstance(lineOf('CS-HANG'))
    expect(opened.failure).toBeNull()
    const again = await huawei.newInstance(lineOf('CS-HANG'))
    expect(again.body).toBe(opened.body)
    expect(Date.now() - begun).toBeLessThan(4000)
    expect((await huawei.queryInstance({ instanceId: opened.instanceId! })).failure).toBeNull()
  })
})
