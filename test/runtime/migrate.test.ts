import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { customerOf } from '../../src/authority/customer.ts'
import type { Ambient } from '../../src/authority/host.ts'
import type { RawCall } from '../../src/authority/marketplace.ts'
import { newestText, operate } from '../../src/authority/operate.ts'
import { receive } from '../../src/authority/receive.ts'
import { validate } from '../../src/authority/validate.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { expireTimeOf, huaweiCaller } from '../../src/marketplace/huawei/caller.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import type { Config } from '../../src/runtime/config.ts'
import { type Instance, openInstance } from '../../src/runtime/instance.ts'
import { migrating } from '../../src/runtime/migrate.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { FACTS, instanceOfVersion2 } from '../support/version-2.ts'
import { SILENT } from './instance-kit.ts'

const clock: Ambient = {
  now: () => FACTS.madeAt + 60,
  nowMs: () => (FACTS.madeAt + 60) * 1000,
  random: ambient.random,
}
const caller = huaweiCaller(nodeCrypto, 'http://127.0.0.1/x', FACTS.accessKey)
const BUYER = { orderLineId: '1', customerId: 'c', productId: 'OFFI-GOLD', amount: 25 }
const names = Object.keys(FACTS.licenses) as (keyof typeof FACTS.licenses)[]

async function broughtUp(): Promise<Config> {
  const config = instanceOfVersion2()
  const made = await migrating(config).apply(() => undefined)
  expect(made).toMatchObject({ ok: true, value: { from: 2, version: SCHEMA_VERSION } })
  return config
}

async function opened(work: (instance: Instance) => Promise<void>): Promise<void> {
  const instance = await openInstance(await broughtUp(), clock, SILENT)
  await work(instance).finally(() => instance.close())
}

async function answerTo({ authority }: Instance, query: string): Promise<string> {
  const snapshot = await authority.configuration.current(clock.now())
  const call: RawCall = { method: 'GET', query, contentType: null, body: null }
  const never = new Promise(() => undefined)
  return (await receive(authority, snapshot, snapshot.channels.get('huawei')!, call, never, 'request')).body
}

const sale = (orderId: string, nonce: string) => {
  const moment = { nowMs: clock.nowMs(), nonce }
  const expireTime = expireTimeOf(clock.nowMs() + 86_400_000)
  const { url } = caller.getLicense({ ...BUYER, orderId, expireTime }, moment)
  return url.slice(url.indexOf('?') + 1)
}

describe('a database of version 2 that was brought up', () => {
  it('gives every first answer again, byte for byte, also for an order that was renewed since', () =>
    opened(async (instance) => {
      for (const [order, body] of Object.entries(FACTS.answers))
        expect(await answerTo(instance, sale(order, `nonce-of-${order}`))).toBe(body)
    }))

  it('answers a call it has answered by its replay mark, byte for byte', () =>
    opened(async (instance) => {
      expect(await answerTo(instance, FACTS.marked.query)).toBe(FACTS.marked.body)
    }))

  it.each(names)('has license, history, text and buyer as they were: %s', (name) =>
    opened(async ({ authority }) => {
      const { license, history, text, customer } = FACTS.licenses[name]
      const found = (await authority.store.byId(license.id))!
      expect(found).toEqual(license)
      expect(JSON.parse(JSON.stringify(await authority.store.history(license.id)))).toEqual(history)
      expect(await newestText(authority, found)).toBe(text)
      expect(await customerOf(authority, license.id)).toBe(customer)
    }))

  it('still knows its codes, and those it gave to test calls', () =>
    opened(async ({ authority }) => {
      const snapshot = await authority.configuration.current(clock.now())
      const told = (text: string) => validate(authority, snapshot, { text, nonce: null, fingerprint: null })
      const sold = [FACTS.licenses.changed.text!, JSON.parse(FACTS.answers['CS-KEPT']!).license]
      for (const text of sold)
        expect(await told(text)).toMatchObject({ type: 'answer', answer: { license: expect.anything() } })
      // One that it had not issued would be not_issued, and raise an alarm.
      expect(await told(FACTS.testText)).toEqual({ type: 'license_unknown' })
    }))

  it('keeps the calls that wait, and lets an old license go on', () =>
    opened(async ({ authority }) => {
      expect(await authority.store.parked(10)).toEqual(FACTS.parked)
      const { id } = FACTS.licenses.changed.license
      const frozen = await operate(
        authority,
        { id },
        { type: 'freeze', cause: 'operator' },
        { who: 'operator', reason: null },
      )
      expect(frozen).toMatchObject({ ok: true, value: { changed: true } })
      const history = await authority.store.history(id)
      expect(history.map(({ event }) => event.type)).toEqual([
        'issued',
        'renewed',
        'frozen',
        'reinstated',
        'frozen',
      ])
      expect(history.at(-1)!.by.who).toBe('operator')
    }))

  it('sells anew beside what was sold', () =>
    opened(async (instance) => {
      const first = await answerTo(instance, sale('CS-NEW', 'nonce-new-1'))
      expect(JSON.parse(first)).toMatchObject({ resultCode: '000000' })
      expect(await answerTo(instance, sale('CS-NEW', 'nonce-new-2'))).toBe(first)
      const second = await answerTo(instance, sale('CS-NEWER', 'nonce-new-3'))
      expect(await answerTo(instance, sale('CS-NEWER', 'nonce-new-4'))).toBe(second)
      expect(await answerTo(instance, sale('CS-NEWER', 'nonce-new-3'))).toBe(second)
    }))
})

describe('bringing a schema up', () => {
  it('is planned with what it means and counts, and changes nothing', async () => {
    const config = instanceOfVersion2()
    const plan = await migrating(config).plan()
    expect(plan).toMatchObject({ version: 2, target: SCHEMA_VERSION, database: config.database })
    expect(plan.steps[0]).toMatchObject({ version: 3, stopsServers: true, rows: { licenses: 6 } })
    await expect(openInstance(config, clock, SILENT)).rejects.toThrow(/version 2.*licet migrate --apply/)
    expect(await migrating(config).plan()).toEqual(plan)
  })

  it('has nothing to do the second time', async () => {
    const config = await broughtUp()
    expect((await migrating(config).plan()).steps).toEqual([])
    const again = await migrating(config).apply(() => expect.unreachable())
    expect(again).toMatchObject({ ok: true, value: { from: SCHEMA_VERSION, applied: [] } })
  })

  it('leaves the version before when it fails in the middle', async () => {
    const config = instanceOfVersion2()
    const db = new Sqlite(config.database)
    db.exec('CREATE TABLE answer_forms (in_the_way TEXT)')
    db.close()
    await expect(migrating(config).apply(() => undefined)).rejects.toThrow(/answer_forms already exists/)
    const after = new Sqlite(config.database)
    const tables = after.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()
    after.close()
    expect(tables).not.toContain('leases')
    expect((await migrating(config).plan()).version).toBe(2)
  })

  it('is refused for a newer database, a foreign one and none', async () => {
    const config = await broughtUp()
    const db = new Sqlite(config.database)
    db.prepare("UPDATE settings SET value = ? WHERE name = 'schema_version'").run(String(SCHEMA_VERSION + 1))
    for (const run of [migrating(config).plan(), migrating(config).apply(() => undefined)])
      await expect(run).rejects.toThrow(/use a newer Licet/)
    db.exec("DELETE FROM settings WHERE name = 'schema_version'")
    db.close()
    await expect(migrating(config).plan()).rejects.toThrow(/another program/)
    const none = { ...config, database: `${config.database}-none` }
    await expect(migrating(none).plan()).rejects.toThrow(/run licet init first/)
  })

  it('goes through once when two begin at the same time', async () => {
    const config = { ...instanceOfVersion2() }
    const both = await Promise.all([1, 2].map(() => migrating(config).apply(() => undefined)))
    const applied = both.flatMap((made) => (made.ok ? made.value.applied : []))
    expect(applied).toEqual([3])
  })
})
