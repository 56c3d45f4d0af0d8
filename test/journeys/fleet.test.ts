import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES } from '../support/databases.ts'
import { type Fleet, fleet } from '../support/fleet.ts'
import { purchase } from '../support/shop.ts'

/** Of the file, two: what a person may start by mistake. */
const SIZES: Readonly<Record<string, number>> = { SQLite: 2, PostgreSQL: 4 }

describe.each(DATABASES)('several servers on one %s database', (name, database) => {
  let all: Fleet
  let endsSoon: string
  beforeAll(async () => {
    all = await fleet(SIZES[name]!, await database())
    const until = new Date(Date.now() + 5_000).toISOString()
    const sale = ['--product', 'no-grace', '--edition', 'only', '--until', until]
    endsSoon = (await all.seller.json<{ id: string }>('license', 'issue', ...sale)).id
  })
  afterAll(() => all.remove())

  it('sell each order once, and answer with equal bytes whoever is asked', async () => {
    const orders = Array.from({ length: 24 }, (_, n) => `CS-FLEET-${n}`)
    const answers = await Promise.all(
      orders.flatMap((order) => {
        const raw = all.huawei.caller.getLicense(purchase(order), all.huawei.moment())
        const signedAnew = () => all.huawei.caller.getLicense(purchase(order), all.huawei.moment())
        const calls = [raw, raw, signedAnew(), signedAnew()]
        return calls.map(async (call) => ({ order, ...(await all.sendTo(all.any(), call)) }))
      }),
    )
    expect(answers.filter(({ failure }) => failure !== null)).toEqual([])
    for (const order of orders) {
      const bodies = answers.filter((one) => one.order === order).map(({ body }) => body)
      const later = await all.toEach(() => all.huawei.caller.getLicense(purchase(order), all.huawei.moment()))
      expect(new Set([...bodies, ...later.map(({ body }) => body)]).size).toBe(1)
    }
    const { items } = await all.seller.json<{ items: unknown[] }>('license', 'list', '--limit', '1000')
    expect(items).toHaveLength(orders.length + 1)
  })

  it('tell each alert once', async () => {
    const orders = Array.from({ length: 12 }, (_, n) => `CS-PARKED-${n}`)
    for (const order of orders) {
      const unknown = { ...purchase(order), productId: 'OFFI-NOBODY-KNOWS' }
      const call = all.huawei.caller.getLicense(unknown, all.huawei.moment())
      expect((await all.sendTo(all.any(), call)).resultCode).toBe('000005')
    }
    const told = () => all.told.flatMap(({ order }) => (typeof order === 'string' ? [order] : [])).sort()
    await expect.poll(() => told().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(orders.length)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(told()).toEqual([...orders].sort())
  })

  it('freeze what is past grace, one of them and once', async () => {
    const history = async () => JSON.stringify(await all.seller.json('license', 'history', endsSoon))
    await expect.poll(history, { timeout: 20_000, interval: 500 }).toContain('frozen')
    expect((await history()).match(/frozen/g)).toHaveLength(1)
    expect(all.servers.filter((server) => server.said().includes('"task":"scheduler"'))).toHaveLength(1)
  })

  it('see a change by the command line within two seconds, all of them', async () => {
    const keyFile = all.seller.file('second.key', 'access-key-of-the-second-channel')
    const channel = ['channel', 'add', 'second', '--kind', 'huawei', '--access-key-file', keyFile]
    expect((await all.seller.run(...channel)).code).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const asked = all.servers.map(async ({ url }) => (await fetch(`${url}/callbacks/second`)).status)
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200]))
  })
})
