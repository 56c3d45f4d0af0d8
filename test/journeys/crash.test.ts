import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { Running } from '../support/program.ts'
import { expireTime, purchase, type Shop, shop } from '../support/shop.ts'

/** A few rounds in every test run; `npm run test:crash` does thirty. */
const ROUNDS = Number(process.env.LICET_CRASH_ROUNDS ?? 4)
const IN_FLIGHT = 16

interface Sold {
  readonly body: string
  readonly instanceId: string
  /** 14 digits of the end last acknowledged. */
  end: string
  /** The renewal that was acknowledged, with its answer. */
  renewed?: { readonly orderId: string; readonly body: string }
}

interface Page {
  readonly items: readonly { readonly id: string; readonly paidUntil: string }[]
  readonly next: string | null
}

describe(`kill -9 under load, ${ROUNDS} times`, { timeout: 60_000 + ROUNDS * 10_000 }, () => {
  let seller: Shop
  const sold = new Map<string, Sold>()
  const asked = new Set<string>()

  beforeAll(async () => {
    seller = await shop()
  })
  afterAll(() => seller.remove())

  it('loses nothing that was acknowledged, doubles nothing, and answers a re-send with equal bytes', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { server, huawei } = await seller.open()
      await resendEverything(huawei, round)
      await killUnderLoad(server, huawei, round)
    }
    const { server, huawei } = await seller.open()
    await resendEverything(huawei, -1)
    for (const order of asked) expect((await huawei.getLicense(purchase(order))).failure).toBeNull()
    await server.stop()
    const licenses = await allLicenses()
    expect(asked.size).toBeGreaterThan(ROUNDS * IN_FLIGHT)
    expect(licenses.length).toBe(asked.size)
    expect(new Set(licenses.map(({ id }) => id)).size).toBe(asked.size)
    const ends = new Map(licenses.map(({ id, paidUntil }) => [id, paidUntil.replace(/\D/g, '')]))
    for (const { instanceId, end } of sold.values()) expect(ends.get(instanceId)! >= end).toBe(true)
  })

  /** Re-sends what the last round acknowledged; in the last call, everything. */
  async function resendEverything(huawei: FakeHuawei, round: number): Promise<void> {
    const orders = [...sold.keys()].filter((order) => round < 0 || order.startsWith(`CS-${round - 1}-`))
    await inParallel(orders, async (order) => {
      const again = await huawei.send(huawei.caller.getLicense(purchase(order), huawei.moment()))
      const { body, instanceId, end, renewed } = sold.get(order)!
      expect(again.body).toBe(body)
      if (renewed === undefined) return
      const renewal = { orderId: renewed.orderId, instanceId, expireTime: end }
      const renewedAgain = await huawei.send(huawei.caller.refreshLicense(renewal, huawei.moment()))
      expect(renewedAgain.body).toBe(renewed.body)
    })
  }

  async function killUnderLoad(server: Running, huawei: FakeHuawei, round: number): Promise<void> {
    let killed = false
    const workers = Array.from({ length: IN_FLIGHT }, async (_, worker) => {
      for (let n = 0; !killed; n++) {
        const order = `CS-${round}-${worker}-${n}`
        asked.add(order)
        const wanted = purchase(order)
        const answer = await huawei.send(huawei.caller.getLicense(wanted, huawei.moment()))
        if (answer.failure !== null) continue
        const made = { body: answer.body, instanceId: answer.instanceId!, end: wanted.expireTime }
        sold.set(order, made)
        if (n % 3 === 0) await renew(huawei, order, made)
      }
    })
    await new Promise((resolve) => setTimeout(resolve, 150 + ((round * 97) % 400)))
    await server.stop('SIGKILL')
    killed = true
    await Promise.all(workers)
  }

  async function renew(huawei: FakeHuawei, order: string, made: Sold): Promise<void> {
    const end = expireTime(60)
    const renewal = { orderId: `${order}-R`, instanceId: made.instanceId, expireTime: end }
    const answer = await huawei.send(huawei.caller.refreshLicense(renewal, huawei.moment()))
    if (answer.failure !== null) return
    made.end = end
    made.renewed = { orderId: renewal.orderId, body: answer.body }
  }

  async function allLicenses(): Promise<Page['items'][number][]> {
    const items: Page['items'][number][] = []
    let after: string | null = null
    do {
      const more: string[] = after === null ? [] : ['--after', after]
      const page: Page = await seller.json('license', 'list', '--limit', '1000', ...more)
      items.push(...page.items)
      after = page.next
    } while (after !== null)
    return items
  }
})

async function inParallel<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await task(item)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}
