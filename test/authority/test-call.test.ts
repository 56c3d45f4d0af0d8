import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk, PURCHASE, type Reply } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const NOBODY = 'nobody-met-it'
const DONE = { code: '000000' }

type Build = (testFlag: string | number, name?: string) => HuaweiCall

const by1 =
  (activity: string, fields = {}): Build =>
  (testFlag, instanceId = NOBODY) =>
    desk.caller.get({ activity, orderId: 'P-1', instanceId, testFlag, ...fields }, desk.moment())

const by2 =
  (activity: string, fields = {}): Build =>
  (testFlag, license = NOBODY) =>
    desk.caller.post({ activity, license, testFlag, ...fields }, desk.moment())

const renewal = { scene: 'RENEWAL', orderId: 'R-1', orderLineId: 'R-1-1', expireTime: inDays(9) }

const demands: readonly (readonly [string, Build])[] = [
  ['refreshLicense', by1('refreshLicense', { expireTime: inDays(9) })],
  ['expireLicense', by1('expireLicense')],
  ['expireInstance', by1('expireInstance')],
  ['releaseLicense', by1('releaseLicense')],
  ['refreshLicenseCode', by2('refreshLicenseCode', renewal)],
  ['updateLicenseCodeStatus', by2('updateLicenseCodeStatus', { status: 'FREEZE' })],
  ['releaseLicenseCode', by2('releaseLicenseCode')],
]

/** Rows of every table, read by a connection of its own. */
function rows(): Record<string, number> {
  const db = new Sqlite(desk.config.database, { readonly: true })
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
  const counts = names.map((name) => [name, db.prepare(`SELECT count(*) FROM ${name}`).pluck().get()])
  db.close()
  return Object.fromEntries(counts)
}

/** What a call left behind: tables with more rows than before. */
async function left(call: () => Promise<Reply>): Promise<Record<string, number>> {
  const before = rows()
  await call()
  const grown = Object.entries(rows()).filter(([name, count]) => count !== before[name])
  return Object.fromEntries(grown.map(([name, count]) => [name, count - before[name]!]))
}

afterEach(() => {
  desk.clock.time += 1
})

describe('a test call', () => {
  test.each(demands)('%s on an unknown instance is 000000 and leaves its mark only', async (_, build) => {
    expect(await left(async () => expectDone(await desk.send(build('1'))))).toEqual({ replay_marks: 1 })
    // A token signs the millisecond and no nonce: within one, the same call is the same request.
    desk.clock.time += 1
    expect(await left(async () => expectDone(await desk.send(build(1))))).toEqual({ replay_marks: 1 })
  })

  test.each(demands)('%s with another testFlag is 000002', async (_, build) => {
    expect(await desk.send(build('2'))).toMatchObject({ code: '000002' })
    expect(await desk.send(build('true'))).toMatchObject({ code: '000002' })
  })

  test.each(demands)('%s on a real license changes nothing', async (_, build) => {
    const sold = await desk.buy({ orderId: desk.newOrder() })
    expect(await desk.send(build('1', sold.instance))).toMatchObject(DONE)
    expect(await desk.authority.store.byId(sold.instance)).toMatchObject({ status: 'active', revision: 1 })
  })

  test('with a missing field is 000002 like a real one', async () => {
    const call = desk.caller.get({ activity: 'releaseLicense', testFlag: '1' }, desk.moment())
    expect(await desk.send(call)).toMatchObject({ code: '000002' })
  })

  test('outside the window, or not signed by a key of ours, is refused like a real one', async () => {
    const end = { orderId: 'P-1', instanceId: NOBODY, testFlag: 1 }
    const late = { ...desk.moment(), nowMs: desk.clock.nowMs() - 901_000 }
    expect(await desk.send(desk.caller.expireLicense(end, late))).toMatchObject({ code: '000002' })
    const call = desk.caller.expireLicense(end, desk.moment())
    const forged = { ...call, url: call.url.replace('nobody', 'somebody') }
    expect(await desk.send(forged)).toMatchObject({ code: '000001' })
  })
})

describe('a test purchase', () => {
  const buyTest = (fields = {}) => desk.buy({ testFlag: '1', ...fields })

  test('leaves its mark and the digest of its code', async () => {
    const kept = await left(async () => expectDone(await buyTest()))
    expect(kept).toEqual({ replay_marks: 1, test_codes: 1 })
    expect(await desk.authority.store.byOrder('huawei', { id: PURCHASE.orderId, line: '' })).toBeNull()
  })

  test('gives a genuine trial without grace that ends within the hour', async () => {
    const { license, instance } = await buyTest()
    const verdict = desk.verdictOf(license)
    expect(verdict).toMatchObject({
      valid: true,
      license: { id: instance, product: 1001, edition: 2, seats: 5, trial: true, revision: 1 },
    })
    const { paidUntil, worksUntil } = verdict.license!
    expect(worksUntil).toBe(paidUntil)
    expect(paidUntil! - desk.clock.time).toBeGreaterThan(0)
    expect(paidUntil! - desk.clock.time).toBeLessThanOrEqual(3_600)
  })

  test('gives a fresh instance every time, also for an order that was sold', async () => {
    const orderId = desk.newOrder()
    const sold = await desk.buy({ orderId })
    const tries = [await buyTest({ orderId })]
    desk.clock.time += 1
    tries.push(await buyTest({ orderId }))
    expect(new Set([sold, ...tries].map(({ instance }) => instance)).size).toBe(3)
    desk.clock.time += 1
    expect((await desk.buy({ orderId })).body).toBe(sold.body)
  })

  test('with an end that has passed is sold all the same: probes repeat old cases', async () => {
    expect(await buyTest({ expireTime: inDays(-300) })).toMatchObject(DONE)
  })

  test.each([
    ['without a matching offer is of the first edition', { productId: 'OFFI-NEW' }, 1, 1],
    ['with a bad quantity is of the matching offer', { amount: 'many' }, 2, 1],
    ['with a fixed quantity is of the matching offer', { productId: 'OFFI-BASE' }, 1, 3],
  ])('%s', async (_, fields, edition, seats) => {
    const { license } = await buyTest(fields)
    expect(desk.verdictOf(license)).toMatchObject({ valid: true, license: { edition, seats, trial: true } })
    expect(await desk.authority.store.parkedCount()).toBe(0)
  })

  test('is a code of no license: 404 in validation, and no alarm', async () => {
    const { license } = await buyTest()
    await expect(desk.ask(license)).rejects.toThrow('license_unknown')
    expect(await desk.authority.store.dueAlerts(desk.clock.time, 10)).toEqual([])
  })

  test('that the software meets a day later has expired', async () => {
    const { license } = await buyTest()
    desk.clock.time += DAY
    expect(desk.verdictOf(license)).toMatchObject({ valid: false, reason: 'expired' })
  })
})

test('on an empty catalog a test purchase is 000005 and nothing waits', async () => {
  const empty = await openDesk({ products: [], offers: [] })
  expect(await empty.buy({ testFlag: '1' })).toMatchObject({ code: '000005' })
  expect(await empty.authority.store.parkedCount()).toBe(0)
  expect(await empty.authority.store.dueAlerts(NOON + DAY, 10)).toEqual([])
  await empty.close()
})

test('the first edition is found behind a product that has none', async () => {
  const bare = await openDesk({ products: [], offers: [] })
  const product = {
    id: 1,
    code: 'bare',
    name: 'Bare',
    graceDays: 0,
    statementLife: 3_600,
    features: [],
    editions: [],
  }
  const whole = { ...product, id: 2, code: 'whole', editions: [{ id: 7, code: 'only', features: [] }] }
  expect(await applyCatalog(bare.authority, { products: [product, whole], offers: [] })).toEqual({
    ok: true,
    value: null,
  })
  const { license } = await bare.buy({ testFlag: '1' })
  expect(bare.verdictOf(license)).toMatchObject({ valid: true, license: { product: 2, edition: 7 } })
  await bare.close()
})

function expectDone(reply: Reply): Reply {
  expect(reply).toMatchObject(DONE)
  return reply
}
