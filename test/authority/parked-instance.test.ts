import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sellDirectly } from '../../src/authority/operate.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, inDays, openDesk, withStore } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

/** An instance nobody sold here. */
let instance: string
beforeEach(() => {
  desk.clock.time = NOON
  instance = `unknown-${desk.newOrder()}`
})

/** A token signs the millisecond and no nonce: within one, the same call is the same request. */
let sent = 0
const moment = () => ({ ...desk.moment(), nowMs: desk.clock.nowMs() + ++sent })

const calls = () => ({
  renew: (days: number, orderId = 'R-1') =>
    desk.send(
      desk.caller.refreshLicense({ orderId, instanceId: instance, expireTime: inDays(days) }, moment()),
    ),
  expire: () => desk.send(desk.caller.expireLicense({ orderId: 'P', instanceId: instance }, moment())),
  release: () => desk.send(desk.caller.releaseLicense({ orderId: 'P', instanceId: instance }, moment())),
})

const parked = () => desk.authority.store.parkedFor('huawei', instance)
const license = () => desk.authority.store.byInstance('huawei', instance)

const sell = (paidUntil = NOON + 30 * DAY, authority = desk.authority) =>
  sellDirectly(
    authority,
    {
      product: 'cad-pro',
      edition: 'standard',
      seats: 1,
      paidUntil,
      trial: false,
      binding: null,
      instance: { channel: 'huawei', instance },
      order: null,
      customer: null,
    },
    { who: 'operator', reason: null },
  )

describe('License 1.0 on an unknown instance', () => {
  test.each(['renew', 'expire', 'release'] as const)('%s is 000003 and waits', async (name) => {
    const send = calls()[name]
    expect(await send(60)).toMatchObject({ code: '000003' })
    expect(await license()).toBeNull()
    expect(await parked()).toEqual([
      expect.objectContaining({ channel: 'huawei', instance, why: 'unknown_instance', at: NOON }),
    ])
  })

  test('waits once, however often the marketplace sends it', async () => {
    const { renew } = calls()
    for (let time = 0; time < 3; time++) expect(await renew(60)).toMatchObject({ code: '000003' })
    await Promise.all([renew(60), renew(60)])
    expect(await parked()).toHaveLength(1)
  })

  test('waits once per distinct call', async () => {
    const { renew, expire, release } = calls()
    await Promise.all([renew(60, 'R-1'), renew(60, 'R-2'), renew(90, 'R-1'), expire(), release()])
    expect(await parked()).toHaveLength(5)
  })

  test('of another channel does not concern this one', async () => {
    await calls().renew(60)
    expect(await desk.authority.store.parkedFor('other', instance)).toEqual([])
  })

  test('a renewal is applied when the sale arrives, and no longer waits', async () => {
    await calls().renew(60)
    const sold = await sell()
    expect(sold).toMatchObject({ ok: true, value: { license: { revision: 2 } } })
    expect(await license()).toMatchObject({ status: 'active', terms: { paidUntil: NOON + 60 * DAY } })
    expect(sold.ok && desk.verdictOf(sold.value.text!)).toMatchObject({
      valid: true,
      license: { revision: 2, paidUntil: NOON + 60 * DAY },
    })
    expect(await parked()).toEqual([])
    expect(await calls().renew(60)).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 2 })
  })

  test('calls are applied in the order they came', async () => {
    const { renew, expire } = calls()
    await expire()
    desk.clock.time += 1
    await renew(60)
    await sell()
    // Frozen as expired, then paid for again.
    expect(await license()).toMatchObject({ status: 'active', revision: 4 })
    expect(await parked()).toEqual([])
  })

  test('a renewal that a release follows ends with the release', async () => {
    const { renew, release } = calls()
    await release()
    desk.clock.time += 1
    await renew(60)
    await sell()
    expect(await license()).toMatchObject({ status: 'released' })
    // Refused, which settles it too; support reads so in the log.
    expect(await parked()).toEqual([])
    expect(desk.lines.at(-1)).toMatchObject({
      event: 'parked_call_refused',
      detail: { why: 'license_released' },
    })
  })

  test('is reported when nobody sold the instance for 72 hours, once', async () => {
    await calls().expire()
    desk.clock.time += 72 * 3_600
    await sweep(desk.authority)
    expect(await parked()).toHaveLength(1)
    desk.clock.time += 1
    expect((await sweep(desk.authority)).parkedExpired).toBeGreaterThan(0)
    expect(await parked()).toEqual([])
    const alerts = await desk.authority.store.dueAlerts(desk.clock.time, 1_000)
    const ours = alerts.filter(({ alert }) => alert.detail.instance === instance)
    expect(ours).toEqual([
      expect.objectContaining({ alert: expect.objectContaining({ kind: 'parked_call_expired' }) }),
    ])
  })

  test('sent while the sale is made is applied, not parked behind it', async () => {
    const store = desk.authority.store
    let asked = 0
    const selling = withStore(desk.authority, {
      async byInstance(channel, name) {
        const found = await store.byInstance(channel, name)
        if (asked++ === 0) await sell()
        return found
      },
    })
    const renewal = { orderId: 'R-1', instanceId: instance, expireTime: inDays(60) }
    const answer = await desk.send(desk.caller.refreshLicense(renewal, moment()), selling)
    expect(answer).toMatchObject({ code: '000000' })
    expect(await license()).toMatchObject({ revision: 2, terms: { paidUntil: NOON + 60 * DAY } })
    expect(await parked()).toEqual([])
  })

  test.each([
    ['the sweep', () => sweep(desk.authority)],
    ['its own re-send', () => calls().renew(60)],
  ])('left behind by a crash after the sale is applied by %s', async (_, recover) => {
    await calls().renew(60)
    const crashing = withStore(desk.authority, { parkedFor: () => Promise.reject(new Error('crash')) })
    await expect(sell(undefined, crashing)).rejects.toThrow('crash')
    expect(await license()).toMatchObject({ revision: 1 })
    await recover()
    expect(await license()).toMatchObject({ revision: 2, terms: { paidUntil: NOON + 60 * DAY } })
    expect(await parked()).toEqual([])
  })
})
