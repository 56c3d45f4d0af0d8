import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
