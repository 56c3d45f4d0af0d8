import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { sendAlerts } from '../../src/runtime/alerts.ts'
import { DAY, type Desk, openDesk, withStore } from '../authority/desk.ts'
import { NOON } from '../support/instance.ts'
import { OPTIONS } from './server.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
  desk.clock.time = NOON
})
afterEach(() => desk.close())

async function ready(authority = desk.authority, builtAt = OPTIONS.builtAt) {
  const response = await createApp(authority, { ...OPTIONS, builtAt }).request('/readyz')
  expect(response.headers.get('cache-control')).toBe('no-store')
  return { status: response.status, body: await response.json() }
}

const DEVELOPMENT = { warning: 'development_root', count: 1 }

test('readyz of a fresh instance is 200 and warns of its development root', async () => {
  expect(await ready()).toEqual({ status: 200, body: { status: 'ok', reasons: [], warnings: [DEVELOPMENT] } })
})

describe('503 only for', () => {
  test('a database that cannot be written', async () => {
    const broken = withStore(desk.authority, { probe: () => Promise.reject(new Error('read-only')) })
    expect(await ready(broken)).toEqual({
      status: 503,
      body: { status: 'unavailable', reasons: ['database_not_writable'], warnings: [] },
    })
    expect(desk.lines.at(-2)).toMatchObject({ level: 'error', event: 'not_ready' })
  })

  test('no usable signing key, once its window is over', async () => {
    desk.clock.time = NOON + 366 * DAY - 1
    expect(await ready()).toMatchObject({ status: 200 })
    desk.clock.time += 1
    expect(await ready()).toMatchObject({
      status: 503,
      body: { status: 'unavailable', reasons: ['no_usable_signing_key'] },
    })
  })

  test('a clock before the build', async () => {
    expect(await ready(desk.authority, NOON)).toMatchObject({ status: 200 })
    expect(await ready(desk.authority, NOON + 1)).toMatchObject({
      status: 503,
      body: { status: 'unavailable', reasons: ['clock_behind'] },
    })
  })

  test('a clock before the newest stored event, by more than the clocks of two processes may differ', async () => {
    desk.clock.time = NOON + 60
    await desk.buy()
    desk.clock.time -= 9
    expect(await ready()).toMatchObject({ status: 200 })
    desk.clock.time -= 1
    expect(await ready()).toMatchObject({ status: 503, body: { reasons: ['clock_behind'] } })
  })
})

describe('a warning, and no more, for', () => {
  const warnings = async (authority = desk.authority) => {
    const { status, body } = await ready(authority)
    expect(status).toBe(200)
    return body.warnings.filter(({ warning }: { warning: string }) => warning !== 'development_root')
  }

  test('parked calls, counted and not named', async () => {
    await desk.buy({ amount: 'many' })
    const end = { orderId: 'P-1', instanceId: 'nobody-met-it' }
    await desk.send(desk.caller.expireLicense(end, desk.moment()))
    expect(await warnings()).toEqual([{ warning: 'parked_calls', count: 2 }])
  })

  test('keys whose window closes in less than 60 days', async () => {
    desk.clock.time = NOON + 306 * DAY
    expect(await warnings()).toEqual([])
    desk.clock.time += 1
    expect(await warnings()).toEqual([{ warning: 'key_window_under_60_days', count: 3 }])
  })

  test('alerts that nobody accepts, until somebody does', async () => {
    await desk.buy({ amount: 'many' })
    const parked = { warning: 'parked_calls', count: 1 }
    expect(await warnings()).toEqual([parked])
    // Port 9 of this machine discards nothing: nobody listens.
    await sendAlerts(desk.authority, 'http://127.0.0.1:9/')
    expect(await warnings()).toEqual([parked, { warning: 'outgoing_calls_failing', count: 1 }])
    desk.clock.time += 60
    await sendAlerts(desk.authority, null)
    expect(await warnings()).toEqual([parked])
  })
})
