import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAMILIES } from '../../src/marketplace/huawei/desk/families.ts'
import { FAMILY_NAMES } from '../../src/marketplace/huawei/desk/market.ts'
import { probesOf } from '../../src/marketplace/huawei/desk/probes.ts'
import { deskBefore, type ShopDesk } from '../support/desk.ts'
import { type Front, front } from '../support/front.ts'
import { type NextVersion, nextVersion } from '../support/next-version.ts'
import type { Running } from '../support/program.ts'
import { type Shop, shop } from '../support/shop.ts'

const DAY_MS = 300
const DAYS = 30

/** Restarts between two days, restarts while a probe goes on, a new signing key, a new release. */
const BETWEEN: readonly number[] = [3, 11, 23]
const DURING: readonly number[] = [6, 14, 27]
const ROTATION = 9
const RELEASE = 18

/** The debug cases of every family, the kit's among them. */
const EVERY_CASE = FAMILY_NAMES.flatMap((name) =>
  probesOf(FAMILIES[name], { productId: 'OFFI-GOLD', sku: null, quantity: 5 }, Date.now(), 'case', true),
)

/** A connection that was made is taken by the program within this. */
const TAKEN_MS = 100

describe('thirty days of the marketplace', { timeout: 480_000 }, () => {
  let seller: Shop
  let next: NextVersion
  let environment: NodeJS.ProcessEnv
  let before: Front
  let far: ShopDesk
  let server: Running
  let isReleased = false

  beforeAll(async () => {
    seller = await shop()
    next = nextVersion()
    environment = { ...process.env, LICET_DATA: seller.data, LICET_PORT: '0', NO_COLOR: '1' }
    before = await front()
    far = await deskBefore(seller, `${before.url}/callbacks/huawei`, FAMILY_NAMES, DAY_MS)
    server = await seller.start('serve')
    before.to(server.url)
  })
  afterAll(async () => {
    if (isReleased) await server.stop()
    await seller?.remove()
    await far?.close()
    await before?.close()
    next?.remove()
  })

  const start = () => (isReleased ? next.serve(environment) : seller.start('serve'))
  const run = (...words: string[]) => (isReleased ? next.run(environment, ...words) : seller.run(...words))

  /** As systemd does it: the old process ends its calls, the new one begins, and who comes meanwhile waits. */
  async function restart(): Promise<void> {
    before.to(null)
    await new Promise((resolve) => setTimeout(resolve, TAKEN_MS))
    expect(await server.stop()).toBe(0)
    server = await start()
    before.to(server.url)
  }

  async function rotate(): Promise<void> {
    expect(await run('keys', 'rotate', '--usage', 'codes', '--reason', 'yearly')).toMatchObject({ code: 0 })
  }

  /** The next release brings the schema up while the old one serves, and takes over. */
  async function release(): Promise<void> {
    const migrated = await next.run(environment, 'migrate', '--apply')
    expect(migrated).toMatchObject({ code: 0, stdout: expect.stringContaining(`to ${next.version}`) })
    const old = server
    server = await next.serve(environment)
    isReleased = true
    before.to(server.url)
    expect(await old.stop()).toBe(0)
  }

  let bought = 0
  async function trade(day: number): Promise<void> {
    const { desk } = far
    const resource = ++bought
    const family = FAMILY_NAMES[day % FAMILY_NAMES.length]!
    await desk.perform({ type: 'sell', family, trial: false })
    await desk.perform({ type: 'renew', resource })
    if (family.startsWith('saas')) await desk.perform({ type: 'kit', resource })
    if (resource > 5) await desk.perform({ type: 'repeat', resource: resource - 5 })
    if (resource > 10) await desk.perform({ type: 'expire', resource: resource - 10 })
    if (resource > 12) await desk.perform({ type: 'renew', resource: resource - 12 })
    if (resource > 20) await desk.perform({ type: 'release', resource: resource - 20 })
  }

  it('have no failed probe and deliver every order, whatever happens to the program', async () => {
    for (let day = 1; day <= DAYS; day++) {
      if (BETWEEN.includes(day)) await restart()
      const happens =
        day === ROTATION ? rotate : day === RELEASE ? release : DURING.includes(day) ? restart : null
      await Promise.all([far.desk.passDay(), trade(day), happens?.()])
    }
    await far.desk.settle()
    const failures = far.events.flatMap((event) =>
      event.type === 'call' && event.attempt.failure !== null ? [event.attempt.failure] : [],
    )
    expect(failures).toEqual([])
    expect(far.desk.opinion()).toEqual({
      standing: 'on_sale',
      probeDays: { passed: DAYS, failed: 0, failedInARow: 0 },
      findings: [],
    })
    const probes = far.events.flatMap((event) => (event.type === 'probe' ? [event.made] : []))
    expect(probes).toEqual(Array.from({ length: 2 * DAYS }, () => EVERY_CASE.length))
    expect(new Set(EVERY_CASE.map(({ method }) => method))).toEqual(new Set(['GET', 'POST', 'KIT']))
  })

  it('end with one license for each purchase that is told of to the seller', async () => {
    const { stdout, code } = await run('license', 'list', '--json', '--limit', '1000')
    expect(code).toBe(0)
    const { items } = JSON.parse(stdout) as { items: { status: string }[] }
    expect(items).toHaveLength(DAYS)
    expect(items.filter(({ status }) => status === 'released')).toHaveLength(DAYS - 20)
  })
})
