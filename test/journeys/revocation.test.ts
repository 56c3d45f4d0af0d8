import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { Running } from '../support/program.ts'
import { expireTime, purchase, type Shop, shop } from '../support/shop.ts'
import { verifyMet } from '../verify/everything.ts'

/** Longer than a list takes to tell of a change (contract 4). */
const TWO_SECONDS = 2_000

describe('software that sees no server but is brought the revocation list', () => {
  let seller: Shop
  let server: Running
  let huawei: FakeHuawei

  beforeAll(async () => {
    seller = await shop()
    const opened = await seller.open()
    server = opened.server
    huawei = opened.huawei
  })
  afterAll(() => seller.remove())

  /** What is fetched somewhere else and carried over: the list, and the certificate of its key. */
  const carried = async () => {
    const list = await (await fetch(`${server.url}/v1/revocations/cad-pro`)).text()
    const { certificates } = (await (await fetch(`${server.url}/v1/keys`)).json()) as {
      certificates: string[]
    }
    return { list, certificates }
  }

  /** The program, with the root it was shipped with and what it has stored. */
  const software = () => {
    const root = readFileSync(join(seller.data, 'root-manifests.json'), 'utf8')
    let state = ''
    return async (text: string) => {
      const now = Math.floor(Date.now() / 1000)
      const verdict = verifyMet(text, root, { now, product: 1001, state, ...(await carried()) })
      state = verdict.state ?? state
      return [verdict.reason ?? verdict.standing, verdict.decidedBy, verdict.warnings]
    }
  }

  const passes = () => new Promise((resolve) => setTimeout(resolve, TWO_SECONDS))

  it('refuses a frozen license, takes it back when it is reinstated, and refuses what was shortened', async () => {
    const { license, instanceId } = await huawei.getLicense(purchase('CS-LIST-1', 60))
    const judge = software()
    expect(await judge(license!)).toEqual(['active', 'code', undefined])

    await seller.json('license', 'freeze', instanceId!, '--reason', 'payment disputed')
    await passes()
    expect(await judge(license!)).toEqual(['frozen', 'list', undefined])

    await seller.json('license', 'reinstate', instanceId!)
    await passes()
    expect(await judge(license!)).toEqual(['active', 'code', undefined])

    const shortened = await huawei.refreshLicenseCode({
      license: instanceId!,
      orderId: 'CS-LIST-2',
      orderLineId: 'CS-LIST-2-1',
      expireTime: expireTime(20),
      scene: 'UNSUBSCRIBE_RENEWAL_PERIOD',
    })
    expect(shortened.resultCode).toBe('000000')
    await passes()
    expect(await judge(license!)).toEqual(['superseded', 'list', undefined])
    const { text } = await seller.json<{ text: string }>('license', 'show', instanceId!)
    expect(await judge(text)).toEqual(['active', 'code', undefined])
  })

  it('judges a license file with the server stopped', async () => {
    const { instanceId } = await huawei.getLicense(purchase('CS-LIST-3', 60))
    await seller.json('license', 'freeze', instanceId!)
    const file = join(seller.data, '..', 'customer.lic')
    await seller.json('license', 'file', instanceId!, '--list', '--out', file)
    expect(await server.stop()).toBe(0)
    const { code, stdout } = await seller.run('verify', file, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ reason: 'frozen', decidedBy: 'list' })
  })
})
