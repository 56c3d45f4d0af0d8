import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addSpare } from '../../src/authority/keys/add.ts'
import { bringHome } from '../../src/authority/keys/bring-home.ts'
import { certifyKeys } from '../../src/authority/keys/certify.ts'
import { promoteKey } from '../../src/authority/keys/promote.ts'
import { sellDirectly } from '../../src/authority/operate.ts'
import type { Store } from '../../src/authority/ports.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { MAX_REVISION } from '../../src/domain/license.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk, withStore } from './desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

/** The issuing window of the keys of a new instance. */
const WINDOW = 366

async function keyAlerts(): Promise<readonly { kid: string; days: number }[]> {
  await sweep(desk.authority)
  const queued = await desk.authority.store.dueAlerts(desk.clock.time, 1_000)
  return queued
    .filter(({ alert }) => alert.kind === 'key_window')
    .map(({ alert }) => ({ kid: String(alert.detail.kid), days: Number(alert.detail.days) }))
}

describe('the window of a signing key', () => {
  test('is told of once for each key at 60, 30 and 7 days, and not before', async () => {
    const kids = (await desk.authority.store.keys()).map(({ kid }) => kid).sort()
    expect(kids).toHaveLength(3)
    const left = (days: number) => {
      desk.clock.time = NOON + (WINDOW - days) * DAY
      return keyAlerts()
    }
    const told = async (days: number) =>
      (await left(days)).map((alert) => `${alert.kid} ${alert.days}`).sort()
    const all = (...days: number[]) => kids.flatMap((kid) => days.map((n) => `${kid} ${n}`)).sort()
    expect(await told(60)).toEqual([])
    expect(await told(59.9)).toEqual(all(60))
    expect(await told(31)).toEqual(all(60))
    expect(await told(29)).toEqual(all(60, 30))
    expect(await told(29)).toEqual(all(60, 30))
    expect(await told(7)).toEqual(all(60, 30))
    expect(await told(1)).toEqual(all(60, 30, 7))
    expect(await told(-1)).toEqual(all(60, 30, 7))
  })

  test('is told of later, with the key that follows, where one is certified for the time after', async () => {
    const { kid } = await spareOf(null)
    expect(await codesAlerts(59)).toEqual([])
    const [first] = await codesAlerts(29)
    expect(first).toMatchObject({ days: 30, successor: kid })
    expect(first).not.toHaveProperty('opens')
    expect(await codesAlerts(6)).toMatchObject([{ days: 30 }, { days: 7, successor: kid }])
  })

  test('is followed by the successor that the alert names, and sales go on', async () => {
    const { kid, pair } = await spareOf(null)
    const [alert] = await codesAlerts(29)
    expect(alert?.successor).toBe(kid)
    expect(await bringHome(desk.authority, pair, ORDER)).toMatchObject({ value: { obstacle: null } })
    expect(await promoteKey(desk.authority, kid, 'wait', ORDER)).toMatchObject({ ok: true })
    for (const days of [29, 1, -1]) {
      desk.clock.time = NOON + (WINDOW - days) * DAY
      const sale = { orderId: `CS-${days}`, expireTime: inDays(WINDOW + 30) }
      expect(await desk.buy(sale)).toMatchObject({ code: '000000' })
    }
  })

  test('is told of with when the successor opens, where that is later', async () => {
    const { kid } = await spareOf(20)
    expect(await codesAlerts(29)).toMatchObject([
      { days: 30, successor: kid, opens: NOON + (WINDOW - 20) * DAY },
    ])
    const [, last] = await codesAlerts(6)
    expect(last).toMatchObject({ days: 7, successor: kid })
    expect(last).not.toHaveProperty('opens')
  })

  test('has a successor only in a key that opens before the last alert, and in the one that opens first', async () => {
    await spareOf(6)
    const [sixty] = await codesAlerts(59)
    expect(sixty).toMatchObject({ days: 60 })
    expect(sixty).not.toHaveProperty('successor')
    desk.clock.time = NOON
    await spareOf(10)
    const { kid } = await spareOf(40)
    expect((await codesAlerts(29)).at(-1)).toMatchObject({ days: 30, successor: kid })
  })
})

const ORDER = { by: { who: 'operator:test', reason: null }, dryRun: false }

/** A certified spare for codes; its window opens so many days before that of the active key closes, or where it does unasked. */
async function spareOf(days: number | null) {
  const { authority, developmentRoot } = desk
  const from = days === null ? null : NOON + (WINDOW - days) * DAY
  const wanted = { usage: 'codes', from, to: null, product: 0, maxTermMonths: 0 } as const
  const pair = authority.crypto.newKeyPair()
  const spare = await addSpare(authority, wanted, pair, ORDER)
  if (!spare.ok) throw new Error(spare.no.reason)
  const kid = spare.value.kid!
  await certifyKeys(authority, [kid], [developmentRoot.open()!], ORDER)
  return { kid, pair }
}

/** What was said so far of the key for codes of a new instance, so many days before its window closes. */
async function codesAlerts(days: number) {
  const { authority, clock } = desk
  const [first] = (await authority.store.keys()).filter(({ usage, spare }) => usage === 'codes' && !spare)
  clock.time = NOON + (WINDOW - days) * DAY
  await sweep(authority)
  return (await authority.store.dueAlerts(clock.time, 1_000)).flatMap(({ alert }) =>
    alert.kind === 'key_window' && alert.detail.kid === first!.kid ? [alert.detail] : [],
  )
}

test('a license of the last revision is not tried again and again', async () => {
  const { instance } = await desk.buy()
  const raw = new Sqlite(desk.config.database)
  raw.prepare('UPDATE licenses SET revision = ? WHERE id = ?').run(MAX_REVISION - 1, instance)
  raw.close()
  const renew = { orderId: 'R-1', instanceId: instance, expireTime: inDays(40) }
  expect(await desk.send(desk.caller.refreshLicense(renew, desk.moment()))).toMatchObject({ code: '000000' })
  expect(await desk.authority.store.byId(instance)).toMatchObject({ revision: MAX_REVISION })
  desk.clock.time = NOON + 90 * DAY
  expect(await sweep(desk.authority)).toMatchObject({ frozen: 0 })
  expect(desk.lines.filter(({ event }) => event === 'freeze_failed')).toEqual([])
})

test('a call that waits behind hundreds of orders is applied as soon as its license is here', async () => {
  const { store } = desk.authority
  for (let n = 0; n < 201; n++) await desk.buy({ orderId: `W-${n}`, productId: 'NO-SUCH-OFFER' })
  expect(await store.parkedCount()).toBe(201)
  desk.clock.time += 60
  const { instance } = await desk.buy()
  // Parked by a process that did not see the license yet.
  const blind = withStore(desk.authority, {
    byInstance: async () => null,
    commit: async ({ park }) => {
      const raw = new Sqlite(desk.config.database)
      const { key, channel, order, why, intent, at } = park!
      raw
        .prepare('INSERT INTO parked_calls VALUES (?, ?, ?, ?, ?, ?, ?, 1)')
        .run(key, channel, instance, order, why, intent, at)
      raw.close()
      return 'committed'
    },
  })
  const renewal = { orderId: 'R-1', instanceId: instance, expireTime: inDays(60) }
  expect(await desk.send(desk.caller.refreshLicense(renewal, desk.moment()), blind)).toMatchObject({
    code: '000003',
  })
  await sweep(desk.authority)
  expect(await store.byId(instance)).toMatchObject({ terms: { paidUntil: NOON + 60 * DAY } })
  expect(await store.parkedFor('huawei', instance)).toEqual([])
})

test('licenses past grace are frozen a few at a time, by rounds that may ask the database fifty questions each', async () => {
  const sale = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false, binding: null }
  const owner = { instance: null, order: null, customer: null, paidUntil: NOON + DAY }
  for (let sold = 0; sold < 60; sold++)
    await sellDirectly(desk.authority, { ...sale, ...owner }, { who: 'operator:test', reason: null })
  desk.clock.time = NOON + 10 * DAY
  const left = async () => (await desk.authority.store.due(desk.clock.time, 100)).length
  expect(await left()).toBe(60)
  let before = 60
  for (let round = 0; round < 20 && before > 0; round++) {
    await sweep(withStore(desk.authority, rationed(desk.authority.store, 50))).catch(() => undefined)
    const after = await left()
    expect(after).toBeLessThan(before)
    before = after
  }
  expect(before).toBe(0)
})

/** As on Workers, whose invocations may ask a database so many questions and no more. */
function rationed(store: Store, most: number): Store {
  let left = most
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>
      return async (...given: unknown[]) => {
        if (left-- <= 0) throw new Error('Too many API requests by single worker invocation.')
        return method(...given)
      }
    },
  })
}
