import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallingShop, callingShop } from '../support/calling-shop.ts'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import { json, type OpenApi } from '../support/fake-huawei/open-api.ts'
import type { Running } from '../support/program.ts'
import { expireTime, type Shop } from '../support/shop.ts'

const CODE = 'PL-CANARY-0001'

interface Answer {
  readonly valid: boolean
  readonly reason: string | null
  readonly text: string
  readonly license: { readonly id: string; readonly paidUntil: string }
}

/** In the order of a code's life: each step begins where the one before ended. */
describe.each(DATABASES)('the life of a code that the marketplace made, on %s', (_, database) => {
  let made: CallingShop
  let seller: Shop
  let far: OpenApi
  let huawei: FakeHuawei
  let server: Running
  let first: Answer

  beforeAll(async () => {
    made = await callingShop(await database())
    ;({ seller, far } = made)
    ;({ server, huawei } = await seller.open())
    sells(CODE)
  })
  afterAll(() => made.remove())

  function sells(code: string): void {
    const facts = { status: 'ALIVE', productId: 'OFFI-GOLD', orderId: 'CS-PL', amount: 5 } as const
    far.codes.set(code, { ...facts, expireTime: expireTime(30), activateTime: null })
  }

  function ask(marketplaceCode: string): Promise<Response> {
    const body = JSON.stringify({ marketplaceCode, device: { fingerprint: 'laptop' } })
    const headers = { 'content-type': 'application/json' }
    return fetch(`${server.url}/v1/activate`, { method: 'POST', headers, body })
  }

  const activated = async (code = CODE) => (await (await ask(code)).json()) as Answer

  async function validated(code: string): Promise<Answer> {
    const body = JSON.stringify({ code, device: { fingerprint: 'laptop' } })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${server.url}/v1/validate`, { method: 'POST', headers, body })
    return (await response.json()) as Answer
  }

  const verdict = (text: string, fingerprint: string) =>
    seller.run('verify', seller.file('license.txt', text), '--product', '1001', '--fingerprint', fingerprint)

  it('waits, while the marketplace is away', async () => {
    far.next(json(502, { error_code: 'APIGW.0201' }))
    const response = await ask(CODE)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30'])
  })

  it('begins with its activation, and the software verifies offline', async () => {
    first = await activated()
    expect(first).toMatchObject({ valid: true, license: { product: 'cad-pro', seats: 5 } })
    expect(await verdict(first.text, 'laptop')).toMatchObject({ code: 0 })
    expect(await verdict(first.text, 'another')).toMatchObject({ code: 1 })
    expect((await activated()).text).toBe(first.text)
    expect(far.codes.get(CODE)!.activateTime).not.toBeNull()
  })

  it('goes on with renewal, freeze and unfreezing', async () => {
    const renewal = { license: CODE, scene: 'RENEWAL', orderId: 'CS-R', orderLineId: 'CS-R-1' }
    expect((await huawei.refreshLicenseCode({ ...renewal, expireTime: expireTime(60) })).failure).toBeNull()
    expect((await validated(first.text)).license.paidUntil > first.license.paidUntil).toBe(true)
    expect(await verdict((await activated()).text, 'laptop')).toMatchObject({ code: 0 })
    await huawei.updateLicenseCodeStatus({ license: CODE, status: 'FREEZE' })
    expect(await validated(first.text)).toMatchObject({ valid: false, reason: 'frozen' })
    expect(await activated()).toMatchObject({
      reason: 'frozen',
      text: null,
      license: { id: first.license.id },
    })
    await huawei.updateLicenseCodeStatus({ license: CODE, status: 'UNFREEZE' })
    expect(await validated(first.text)).toMatchObject({ valid: true })
  })

  it('does not notice that the marketplace is away, nor a restart', async () => {
    const { text } = await activated()
    expect(await server.stop()).toBe(0)
    ;({ server, huawei } = await seller.open())
    const asked = far.received.length
    far.next(json(502, {}), json(502, {}))
    expect(await activated()).toMatchObject({ valid: true, text })
    expect(far.received).toHaveLength(asked)
    for (const code of ['PL-OTHER-1', 'PL-OTHER-2']) expect((await ask(code)).status).toBe(503)
  })

  it('ends with a release that was missed, and found by the comparison', async () => {
    far.codes.set(CODE, { ...far.codes.get(CODE)!, status: 'RELEASED' })
    await seller.json('marketplace', 'reconcile', '--now')
    await expect
      .poll(() => validated(first.text), { timeout: 20_000, interval: 500 })
      .toMatchObject({ valid: false, reason: 'released' })
    const { license } = first
    expect(await seller.json('marketplace', 'reconcile', '--channel', 'huawei')).toMatchObject({
      repairs: [{ license: license.id, said: 'released', repaired: 'released' }],
    })
    const { items } = await seller.json<{ items: { event: string; by: string; reason: string }[] }>(
      ...['license', 'history', license.id],
    )
    expect(items.at(-1)).toMatchObject({
      ...{ event: 'released', by: 'marketplace:huawei', reason: 'reconciliation: the code is released' },
    })
    expect(await activated()).toMatchObject({ valid: false, reason: 'released', text: null })
  })

  it('leaves neither the code nor a secret in the log', async () => {
    expect(await server.stop()).toBe(0)
    expect(server.said()).toContain('callback_missed')
    expect(server.said()).not.toMatch(/CANARY|canary|AKOFTHESHOP|laptop/)
  })
})
