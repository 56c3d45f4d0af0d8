import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES } from '../support/databases.ts'
import { type Fleet, fleet } from '../support/fleet.ts'
import { purchase } from '../support/shop.ts'

const IN_FLIGHT = 12

describe.each(DATABASES)(
  'of four servers on one %s database, one is killed',
  { timeout: 120_000 },
  (_, database) => {
    let all: Fleet
    beforeAll(async () => {
      all = await fleet(4, await database())
    })
    afterAll(() => all.remove())

    const call = (order: string) => all.huawei.caller.getLicense(purchase(order), all.huawei.moment())

    const park = async (order: string) => {
      const unknown = { ...purchase(order), productId: 'OFFI-NOBODY-KNOWS' }
      await all.sendTo(all.any(), all.huawei.caller.getLicense(unknown, all.huawei.moment()))
    }
    const toldOf = (order: string) => all.told.filter((one) => one.order === order).length

    it('while calls flow: nothing acknowledged is lost, and nothing is doubled', async () => {
      await park('CS-BEFORE')
      await expect.poll(() => toldOf('CS-BEFORE'), { timeout: 10_000 }).toBe(1)
      const victim = all.worksOn('scheduler')!
      const bodies = new Map<string, Set<string>>()
      let isOver = false
      const workers = Array.from({ length: IN_FLIGHT }, async (_, worker) => {
        for (let n = 0; !isOver; n++) {
          const order = `CS-${worker}-${n}`
          bodies.set(order, new Set())
          const raw = call(order)
          for (const one of [raw, raw, call(order)]) {
            const { failure, body } = await all.sendTo(all.any(), one)
            if (failure === null) bodies.get(order)!.add(body)
          }
        }
      })
      await new Promise((resolve) => setTimeout(resolve, 700))
      await all.kill(victim)
      await new Promise((resolve) => setTimeout(resolve, 700))
      isOver = true
      await Promise.all(workers)

      for (const [order, given] of bodies) {
        for (const { failure, body } of await all.toEach(() => call(order))) {
          expect(failure).toBeNull()
          given.add(body)
        }
        expect([order, given.size]).toEqual([order, 1])
      }
      expect(await licenses()).toBe(bodies.size)
      expect(bodies.size).toBeGreaterThan(2 * IN_FLIGHT)
    })

    it('that swept and told alerts: another does, within seconds, and each alert is told once', async () => {
      const orders = Array.from({ length: 6 }, (_, n) => `CS-AFTER-${n}`)
      for (const order of orders) await park(order)
      await expect.poll(() => orders.map(toldOf), { timeout: 25_000 }).toEqual(orders.map(() => 1))
      await expect.poll(() => all.worksOn('scheduler'), { timeout: 25_000 }).toBeDefined()
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      expect(['CS-BEFORE', ...orders].map(toldOf)).toEqual([1, ...orders.map(() => 1)])
      const workers = all.servers.filter((server) => server.said().includes('"task":"scheduler"'))
      expect(workers).toHaveLength(2)
    })

    async function licenses(): Promise<number> {
      let count = 0
      let after: string | null = null
      do {
        const more: string[] = after === null ? [] : ['--after', after]
        const page: { items: unknown[]; next: string | null } = await all.seller.json(
          ...['license', 'list', '--limit', '1000', ...more],
        )
        count += page.items.length
        after = page.next
      } while (after !== null)
      return count
    }
  },
)
