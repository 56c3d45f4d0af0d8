import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { Running } from '../support/program.ts'
import { expireTime, purchase, type Shop, shop } from '../support/shop.ts'

describe.each(DATABASES)('the life of a license on %s, from a purchase to its release', (_, database) => {
  let seller: Shop
  let server: Running
  let huawei: FakeHuawei

  beforeAll(async () => {
    seller = await shop(await database())
    const opened = await seller.open()
    server = opened.server
    huawei = opened.huawei
  })
  afterAll(() => seller.remove())

  const validate = async (code: string) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${server.url}/v1/validate`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ code }),
    })
    return (await response.json()) as Record<string, unknown> & { license: Record<string, unknown> }
  }

  const verify = (text: string, ...args: readonly string[]) =>
    seller.run('verify', seller.file('license.txt', text), '--product', '1001', ...args)

  it('goes purchase, renewal, freeze, reinstatement, release, and every verdict says so', async () => {
    const bought = await huawei.getLicense(purchase('CS-LIFE-1', 30))
    expect(bought.failure).toBeNull()
    const text = bought.license!
    const instanceId = bought.instanceId!
    expect((await verify(text)).code).toBe(0)

    const renewed = await huawei.refreshLicense({
      orderId: 'CS-LIFE-2',
      instanceId,
      expireTime: expireTime(60),
    })
    expect(renewed.resultCode).toBe('000000')
    const later = await validate(text)
    expect(later.valid).toBe(true)
    expect(later.license.seats).toBe(5)
    expect((await verify(later.currentCode as string, '--at', expireRfc(45))).code).toBe(0)
    expect((await verify(text, '--at', expireRfc(45))).code).toBe(1)

    await huawei.expireLicense({ orderId: 'CS-LIFE-1', instanceId })
    expect(await validate(text)).toMatchObject({ valid: false, standing: 'frozen', reason: 'frozen' })

    await huawei.refreshLicense({ orderId: 'CS-LIFE-3', instanceId, expireTime: expireTime(90) })
    const back = await validate(text)
    expect(back).toMatchObject({ valid: true, standing: 'active' })
    expect((await verify(back.currentCode as string, '--at', expireRfc(80))).code).toBe(0)

    await huawei.releaseLicense({ orderId: 'CS-LIFE-1', instanceId })
    expect(await validate(text)).toMatchObject({ valid: false, reason: 'released' })
    const history = await seller.json<{ items?: unknown[] } & unknown[]>('license', 'history', instanceId)
    expect(JSON.stringify(history)).toContain('released')
  })

  it('gives one license and fifty equal answers to the same request fifty times in parallel', async () => {
    const call = huawei.caller.getLicense(purchase('CS-FIFTY'), huawei.moment())
    const answers = await Promise.all(Array.from({ length: 50 }, () => huawei.send(call)))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(answers[0]?.failure).toBeNull()
  })

  it('gives one license to fifty different calls for the same order line in parallel', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        huawei.send(huawei.caller.getLicense(purchase('CS-FIFTY-2'), huawei.moment())),
      ),
    )
    const good = answers.filter(({ failure }) => failure === null)
    expect(new Set(good.map(({ body }) => body)).size).toBe(1)
    const again = await huawei.getLicense(purchase('CS-FIFTY-2'))
    expect(again.body).toBe(good[0]?.body)
    expect(good.length).toBe(50)
  })

  it('goes through a change of keys and a re-issue; codes of the key before stay good', async () => {
    const { license, instanceId } = await huawei.getLicense(purchase('CS-ROTATE'))
    expect((await seller.run('keys', 'rotate', '--reason', 'yearly rotation')).code).toBe(0)
    const reissued = await seller.json<{ text: string }>('license', 'reissue', instanceId!)
    const keys = await seller.json<unknown>('keys', 'list')
    expect(JSON.stringify(keys).match(/"retired"/g)).toHaveLength(3)
    const before = JSON.parse((await verify(license!, '--json')).stdout)
    const after = JSON.parse((await verify(reissued.text, '--json')).stdout)
    expect([before.valid, after.valid]).toEqual([true, true])
    expect(after.license.kid).not.toBe(before.license.kid)
    await expect
      .poll(async () => (await validate(license!)).currentCode, { timeout: 3_000 })
      .toBe(reissued.text)
    const next = await huawei.getLicense(purchase('CS-ROTATED'))
    expect(JSON.parse((await verify(next.license!, '--json')).stdout).license.kid).toBe(after.license.kid)
  })

  it('freezes, reinstates and releases at the word of support', async () => {
    const { license, instanceId } = await huawei.getLicense(purchase('CS-SUPPORT'))
    for (const [verb, reason] of [
      ['freeze', 'frozen'],
      ['reinstate', null],
      ['release', 'released'],
    ] as const) {
      expect((await seller.run('license', verb, instanceId!)).code).toBe(0)
      expect((await validate(license!)).reason).toBe(reason)
    }
  })

  it('verifies with the server stopped', async () => {
    const { license } = await huawei.getLicense(purchase('CS-STOPPED'))
    expect(await server.stop()).toBe(0)
    const { code, stdout } = await verify(license!, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, standing: 'active', reason: null })
  })
})

function expireRfc(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}
