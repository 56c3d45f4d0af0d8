import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { DATABASES } from '../support/databases.ts'
import { type FakeHuawei, fakeHuawei } from '../support/fake-huawei/index.ts'
import { type NextVersion, nextVersion } from '../support/next-version.ts'
import type { Running } from '../support/program.ts'
import { expireTime, purchase, SHOP_KEY, type Shop, shop } from '../support/shop.ts'

const IN_FLIGHT = 6
const CALLBACKS = '/callbacks/huawei'

describe.each(DATABASES)('a rolling deployment on %s', { timeout: 120_000 }, (_, database) => {
  let seller: Shop
  let next: NextVersion
  let environment: NodeJS.ProcessEnv
  let huawei: FakeHuawei
  let old: Running
  let newer: Running | undefined
  /** Where the load balancer sends calls. */
  let servers: readonly Running[]

  beforeAll(async () => {
    const given = await database()
    seller = await shop(given)
    environment = { ...process.env, ...given, LICET_DATA: seller.data, LICET_PORT: '0', NO_COLOR: '1' }
    next = nextVersion()
    old = await seller.start('serve')
    servers = [old]
    huawei = fakeHuawei({ address: `${old.url}${CALLBACKS}`, accessKey: SHOP_KEY, timeCompression: 1 })
  })
  afterAll(async () => {
    await newer?.stop()
    await seller.remove()
    next.remove()
  })

  const answered = new Map<string, Set<string>>()
  const failures: unknown[] = []

  async function call(made: HuaweiCall): Promise<string> {
    const server = servers[Math.floor(Math.random() * servers.length)]!
    const { failure, body } = await huawei.send({ ...made, url: made.url.replace(old.url, server.url) })
    if (failure !== null) failures.push(failure)
    return body
  }

  /** A purchase, its renewal, and the purchase again. */
  async function trade(order: string): Promise<void> {
    const sale = () => huawei.caller.getLicense(purchase(order), huawei.moment())
    const first = await call(sale())
    const { instanceId } = JSON.parse(first)
    const renewal = { orderId: `${order}-R`, instanceId, expireTime: expireTime(90) }
    await call(huawei.caller.refreshLicense(renewal, huawei.moment()))
    answered.set(order, new Set([first, await call(sale())]))
  }

  async function flowing(work: () => Promise<void>): Promise<void> {
    let isOver = false
    const callers = Array.from({ length: IN_FLIGHT }, async (_, caller) => {
      for (let n = 0; !isOver; n++) await trade(`CS-${caller}-${n}`)
    })
    try {
      await work()
    } finally {
      isOver = true
      await Promise.all(callers)
    }
  }

  const pause = () => new Promise((resolve) => setTimeout(resolve, 400))

  it('brings the schema up while the old program serves, lets both serve, and ends the old one', async () => {
    await flowing(async () => {
      await pause()
      const migrated = await next.run(environment, 'migrate', '--apply')
      expect(migrated).toMatchObject({ code: 0, stdout: expect.stringContaining(`to ${next.version}`) })
      await pause()
      newer = await next.serve(environment)
      servers = [old, newer]
      await pause()
      servers = [newer]
      expect(await old.stop()).toBe(0)
      await pause()
    })
    expect(failures).toEqual([])
    expect(answered.size).toBeGreaterThan(2 * IN_FLIGHT)
  })

  it('has lost no sale, doubled none, and gives the first answers of both programs again', async () => {
    for (const [order, bodies] of answered) {
      bodies.add(await call(huawei.caller.getLicense(purchase(order), huawei.moment())))
      expect([order, bodies.size]).toEqual([order, 1])
    }
    const sold = [...answered.values()].map(([body]) => JSON.parse(body!).instanceId)
    const revisions = await listed()
    expect([...revisions.keys()].sort()).toEqual(sold.sort())
    expect(new Set(revisions.values())).toEqual(new Set([2]))
  })

  /** The revision of each license, by its instance. */
  async function listed(): Promise<ReadonlyMap<string, number>> {
    const revisions = new Map<string, number>()
    for (let after: readonly string[] = []; ; ) {
      const { stdout } = await next.run(environment, 'license', 'list', '--json', '--limit', '1000', ...after)
      const page = JSON.parse(stdout)
      for (const { instance, revision } of page.items) revisions.set(instance, revision)
      if (page.next === null) return revisions
      after = ['--after', page.next]
    }
  }

  it('does not let the old program start again', async () => {
    const refused = await seller.run('license', 'list')
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(
      new RegExp(`schema version ${next.version}, this program knows ${SCHEMA_VERSION}: use a newer Licet`),
    )
    await expect(seller.start('serve')).rejects.toThrow(/ended with 3.*use a newer Licet/s)
    expect((await seller.run('migrate', '--plan')).code).toBe(3)
  })
})
