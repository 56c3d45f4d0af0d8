import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addSpare, type WantedKey } from '../../src/authority/keys/add.ts'
import { bringHome } from '../../src/authority/keys/bring-home.ts'
import { certifyKeys } from '../../src/authority/keys/certify.ts'
import { promoteKey } from '../../src/authority/keys/promote.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk } from './desk.ts'

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
    const passed = (days: number) => {
      desk.clock.time = left(days)
      return keyAlerts()
    }
    const told = async (days: number) =>
      (await passed(days)).map((alert) => `${alert.kid} ${alert.days}`).sort()
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

  test('has no successor in a spare for a leak, which is over a little later', async () => {
    await leakOf(WINDOW - 0.01)
    const [sixty] = await codesAlerts(59)
    expect(sixty).toMatchObject({ days: 60 })
    expect(sixty).not.toHaveProperty('successor')
    expect((await codesAlerts(29)).at(-1)).not.toHaveProperty('successor')
  })

  test('has one in a key that is good for 60 days after it closes, and in none that is good for less', async () => {
    const until = (days: number) => ({ to: left(-days) })
    await spareOf(90, until(60))
    expect(await codesAlerts(59)).toMatchObject([{ days: 60 }])
    desk.clock.time = NOON
    const { kid } = await spareOf(80, until(60.01))
    expect((await codesAlerts(29)).at(-1)).toMatchObject({ days: 30, successor: kid })
  })

  test.each([
    ['at the first ceremony', WINDOW - 0.01],
    ['in the middle of its window', 250],
    ['when the spare that follows is open already', 60],
  ])('is followed by the spare that follows, not by one for a leak that was made %s', async (_, days) => {
    const { kid } = await spareOf(null)
    await leakOf(days)
    expect((await codesAlerts(29)).at(-1)).toMatchObject({ days: 30, successor: kid })
  })

  test('is followed by the spare that follows, also where the one for a leak was made first', async () => {
    await leakOf(250)
    desk.clock.time += 60
    const { kid } = await spareOf(null)
    expect((await codesAlerts(29)).at(-1)).toMatchObject({ days: 30, successor: kid })
  })

  test('is followed by the spare that was made first, where a late ceremony made that and the one for a leak', async () => {
    desk.clock.time = left(45)
    const { kid } = await spareOf(null)
    for (let made = 0; made < 5; made++) await leakOf(45)
    await leakOf(44.99)
    expect((await codesAlerts(29)).at(-1)).toMatchObject({ days: 30, successor: kid })
  })

  test('falls to the spare for a leak that closes last, where no other follows', async () => {
    await leakOf(300)
    const { kid } = await leakOf(200)
    await leakOf(250)
    expect((await codesAlerts(29)).at(-1)).toMatchObject({ days: 30, successor: kid })
  })

  test('has no successor in a key that may sign for less than it may itself', async () => {
    await spareOf(40, { product: 1001 })
    await spareOf(40, { maxTermMonths: 12 })
    const [sixty] = await codesAlerts(59)
    expect(sixty).toMatchObject({ days: 60 })
    expect(sixty).not.toHaveProperty('successor')
  })

  test('of a key that is limited is followed by one that may sign for as much, or more', async () => {
    const limits = { product: 1001, maxTermMonths: 12 }
    const active = await spareOf(WINDOW, limits)
    await bringHome(desk.authority, active.pair, ORDER)
    await promoteKey(desk.authority, active.kid, 'force', { ...ORDER, by: { ...ORDER.by, reason: 'test' } })
    await spareOf(50, { product: 1002, maxTermMonths: 12 })
    await spareOf(50, { product: 1001, maxTermMonths: 11 })
    expect(await alertsOf(active.kid, 59)).toMatchObject([{ days: 60 }])
    desk.clock.time = NOON
    const wider = await spareOf(30, { product: 0, maxTermMonths: 13 })
    expect((await alertsOf(active.kid, 29)).at(-1)).toMatchObject({ days: 30, successor: wider.kid })
    desk.clock.time = NOON
    const equal = await spareOf(31, limits)
    expect((await alertsOf(active.kid, 6)).at(-1)).toMatchObject({ days: 7, successor: equal.kid })
  })
})

const ORDER = { by: { who: 'operator:test', reason: null }, dryRun: false }

const left = (days: number) => NOON + (WINDOW - days) * DAY

/** A spare for the day of a leak, made with so many days left of the window of the active key. */
async function leakOf(days: number) {
  desk.clock.time = left(days)
  return spareOf(days)
}

/** A certified spare for codes; its window opens so many days before that of the active key closes, or where it does unasked. */
async function spareOf(days: number | null, limits: Partial<WantedKey> = {}) {
  const { authority, developmentRoot } = desk
  const from = days === null ? null : left(days)
  const wanted: WantedKey = { usage: 'codes', from, to: null, product: 0, maxTermMonths: 0, ...limits }
  const pair = authority.crypto.newKeyPair()
  const spare = await addSpare(authority, wanted, pair, ORDER)
  if (!spare.ok) throw new Error(spare.no.reason)
  const kid = spare.value.kid!
  await certifyKeys(authority, [kid], [developmentRoot.open()!], ORDER)
  return { kid, pair }
}

/** What was said so far of the key for codes of a new instance, so many days before its window closes. */
async function codesAlerts(days: number) {
  const [first] = (await desk.authority.store.keys()).filter(
    ({ usage, spare }) => usage === 'codes' && !spare,
  )
  return alertsOf(first!.kid, days)
}

async function alertsOf(kid: string, days: number) {
  const { authority, clock } = desk
  clock.time = left(days)
  await sweep(authority)
  return (await authority.store.dueAlerts(clock.time, 1_000)).flatMap(({ alert }) =>
    alert.kind === 'key_window' && alert.detail.kid === kid ? [alert.detail] : [],
  )
}
