import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { utf8 } from '../../src/format/bytes.ts'
import type { HuaweiCall, Moment } from '../../src/marketplace/huawei/caller.ts'
import { type Saas1Caller, saas1Caller } from '../../src/marketplace/huawei/caller-saas-1.ts'
import { decryptSensitive } from '../../src/marketplace/huawei/sensitive.ts'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { Running } from '../support/program.ts'
import { expireTime, purchase, SHOP_KEY, type Shop, shop } from '../support/shop.ts'

describe.each(DATABASES)('the life of an instance of SaaS 1.0 on %s', (_, database) => {
  let seller: Shop
  let server: Running
  let huawei: FakeHuawei
  let elder: Saas1Caller

  const open = async () => {
    const opened = await seller.open()
    server = opened.server
    huawei = opened.huawei
    elder = saas1Caller(nodeCrypto, `${server.url}/callbacks/huawei`, SHOP_KEY)
  }
  beforeAll(async () => {
    seller = await shop(await database())
    await seller.json('channel', 'set', 'huawei', '--front-end-url', 'https://cad.example.com/')
    await open()
  })
  afterAll(() => seller.remove())

  /** The body of an answer that the marketplace would take. */
  async function sent(build: (moment: Moment) => HuaweiCall): Promise<string> {
    const { failure, body } = await huawei.send(build(huawei.moment()))
    expect(failure).toBeNull()
    return body
  }

  const shown = (body: string): { instanceId: string; appInfo: Record<string, string> } => JSON.parse(body)
  const license = (id: string) =>
    seller.json<{ status: string; seats: number; trial: boolean; text: string | null }>('license', 'show', id)

  it('goes trial, formal, upgrade, expiry, renewal, freeze, release; the buyer sees the same at each opening', async () => {
    const trial = { ...purchase('CS-TRIAL', 7), customerName: '张三', trialFlag: '1' }
    const opens = () => sent((at) => elder.newInstance(trial, at))
    const first = await opens()
    const { instanceId, appInfo } = shown(first)
    expect(appInfo.frontEndUrl).toBe('https://cad.example.com/')
    expect(decryptSensitive(legacyCrypto, '1', utf8(SHOP_KEY), appInfo.userName!)).toBe(instanceId)
    const file = seller.file('license.txt', appInfo.memo!)
    expect((await seller.run('verify', file, '--product', '1001')).code).toBe(0)
    expect(await license(instanceId)).toMatchObject({ status: 'active', seats: 5, trial: true })

    const formal = {
      orderId: 'CS-FORMAL',
      instanceId,
      expireTime: expireTime(30),
      trialToFormal: '1',
    } as const
    await sent((at) => elder.refreshInstance(formal, at))
    const more = { orderId: 'CS-MORE', instanceId, productId: 'OFFI-GOLD', skuCode: 'gold', amount: 50 }
    await sent((at) => elder.upgrade(more, at))
    expect(await license(instanceId)).toMatchObject({ status: 'active', seats: 50, trial: false })

    const ended = { orderId: 'CS-TRIAL', instanceId }
    await sent((at) => elder.expireInstance(ended, at))
    expect(await license(instanceId)).toMatchObject({ status: 'frozen' })
    const renewal = { orderId: 'CS-RENEW', instanceId, expireTime: expireTime(60) }
    await sent((at) => elder.refreshInstance(renewal, at))
    expect(await license(instanceId)).toMatchObject({ status: 'active' })
    await sent((at) => elder.instanceStatus({ instanceId, instanceStatus: 'FREEZE' }, at))
    expect(await license(instanceId)).toMatchObject({ status: 'frozen' })
    await sent((at) => elder.instanceStatus({ instanceId, instanceStatus: 'NORMAL' }, at))
    expect(await opens()).toBe(first)

    await server.stop()
    await open()
    expect(await opens()).toBe(first)
    await sent((at) => elder.releaseInstance(ended, at))
    expect(await license(instanceId)).toMatchObject({ status: 'released' })
    expect(await opens()).toBe(first)

    const { items } = await seller.json<{ items: readonly Record<string, unknown>[] }>('order', 'list')
    expect(items.map(({ number, cause, state }) => [number, cause, state]).sort()).toEqual([
      ['CS-FORMAL', 'formal', 'applied'],
      ['CS-MORE', 'upgrade', 'applied'],
      ['CS-RENEW', 'renewal', 'applied'],
      ['CS-TRIAL', 'sale', 'applied'],
    ])
  })
})
