import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import type { Batch, Committed } from '../../src/authority/ports.ts'
import { receive } from '../../src/authority/receive.ts'
import { createTurns } from '../../src/authority/turns.ts'
import { MAX_REVISION } from '../../src/domain/license.ts'
import { ACCESS_KEY, NOON } from '../support/instance.ts'
import { arriving, DAY, type Desk, inDays, never, openDesk, PURCHASE, withStore } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let orderId: string
let heard: number
beforeEach(() => {
  desk.clock.time = NOON
  orderId = desk.newOrder()
  heard = desk.lines.length
})

const purchase = () => desk.caller.getLicense({ ...PURCHASE, orderId }, desk.moment())
const sold = () => desk.authority.store.byOrder('huawei', { id: orderId, line: '' })
const newLines = () => desk.lines.slice(heard)
const FAILED = { code: '000005', license: '', signedBy: ACCESS_KEY }

/** A store on which another writer is first, `times` times. */
function contended(times: number): { authority: Authority; commits: () => number } {
  let commits = 0
  const commit = (batch: Batch): Promise<Committed> =>
    ++commits <= times ? Promise.resolve('conflict') : desk.authority.store.commit(batch)
  return { authority: withStore(desk.authority, { commit }), commits: () => commits }
}

describe('on a contended license', () => {
  test.each([1, 2])('after %i lost tries the next one is answered', async (times) => {
    const { authority, commits } = contended(times)
    expect(await desk.send(purchase(), authority)).toMatchObject({ code: '000000' })
    expect(commits()).toBe(times + 1)
    expect(await sold()).toMatchObject({ revision: 1 })
  })

  test('three tries are made, then the marketplace is asked to come again', async () => {
    const { authority, commits } = contended(3)
    expect(await desk.send(purchase(), authority)).toMatchObject(FAILED)
    expect(commits()).toBe(3)
    expect(await sold()).toBeNull()
    expect(newLines()).toEqual([
      { level: 'warn', event: 'callback_contended', detail: expect.objectContaining({ channel: 'huawei' }) },
    ])
    expect(await desk.buy({ orderId })).toMatchObject({ code: '000000' })
  })

  test('every try decides anew: what was renewed meanwhile is not renewed twice', async () => {
    const { instance } = await desk.buy({ orderId })
    const renew = (days: number) => {
      const renewal = { orderId: desk.newOrder(), instanceId: instance, expireTime: inDays(days) }
      return desk.caller.refreshLicense(renewal, desk.moment())
    }
    let commits = 0
    const another = { ...desk.authority, turns: createTurns() }
    const overtaken = withStore(desk.authority, {
      async commit(batch) {
        if (commits++ === 0) await desk.send(renew(90), another)
        return desk.authority.store.commit(batch)
      },
    })
    expect(await desk.send(renew(60), overtaken)).toMatchObject({ code: '000000' })
    expect(commits).toBe(2)
    const license = await desk.authority.store.byId(instance)
    expect(license).toMatchObject({ revision: 2, terms: { paidUntil: NOON + 90 * DAY } })
  })
})

describe('when the store throws', () => {
  const outage = () => Promise.reject(new TypeError('disk on fire'))

  test.each(['recall', 'commit'] as const)('at %s the answer is a signed 000005', async (at) => {
    const broken = withStore(desk.authority, { [at]: outage })
    const answer = await desk.send(purchase(), broken)
    expect(answer).toMatchObject(FAILED)
    expect(JSON.parse(answer.body)).toEqual({
      resultCode: '000005',
      resultMsg: 'internal error, try again later.',
    })
    expect(newLines()).toEqual([
      {
        level: 'error',
        event: 'callback_failed',
        detail: { requestId: 'request-1', channel: 'huawei', error: 'TypeError: disk on fire' },
      },
    ])
    expect(await sold()).toBeNull()
  })

  test('a demand is answered so too when its mark cannot be looked for', async () => {
    const { instance } = await desk.buy({ orderId })
    const release = desk.caller.releaseLicense({ orderId, instanceId: instance }, desk.moment())
    expect(await desk.send(release, withStore(desk.authority, { mark: outage }))).toMatchObject(FAILED)
    expect(await desk.authority.store.byId(instance)).toMatchObject({ status: 'active' })
  })

  test('no stack reaches the answer or the log', async () => {
    const { body } = await desk.send(purchase(), withStore(desk.authority, { commit: outage }))
    expect(body + JSON.stringify(newLines())).not.toMatch(/at .*\.ts|node:internal/)
  })

  test('the re-send after the outage is sold', async () => {
    await desk.send(purchase(), withStore(desk.authority, { commit: outage }))
    expect(await desk.buy({ orderId })).toMatchObject({ code: '000000' })
  })

  test('after the commit, the re-send gets the answer that was lost', async () => {
    const lost = withStore(desk.authority, {
      async commit(batch) {
        await desk.authority.store.commit(batch)
        throw new Error('connection lost')
      },
    })
    expect(await desk.send(purchase(), lost)).toMatchObject(FAILED)
    const license = (await sold())!
    expect(await desk.buy({ orderId })).toMatchObject({ code: '000000', instance: license.id })
  })
})

describe('when the store does not answer', () => {
  async function within(milliseconds: number, authority: Authority) {
    const snapshot = await desk.authority.configuration.current(desk.clock.now())
    const expired = new Promise((resolve) => setTimeout(resolve, milliseconds))
    const began = performance.now()
    const channel = snapshot.channels.get('huawei')!
    const answer = await receive(authority, snapshot, channel, arriving(purchase()), expired, 'request-9')
    return { answer, took: performance.now() - began }
  }

  test.each(['recall', 'commit'] as const)('at %s the deadline does, signed', async (at) => {
    const hanging = withStore(desk.authority, { [at]: never })
    const { answer, took } = await within(40, hanging)
    expect(JSON.parse(answer.body)).toMatchObject({ resultCode: '000005' })
    expect(desk.caller.bodySignHolds(answer.body, answer.headers['Body-Sign']!)).toBe(true)
    expect(took).toBeLessThan(400)
    expect(newLines()).toMatchObject([
      { level: 'error', event: 'callback_deadline', detail: { requestId: 'request-9' } },
    ])
  })

  test('work that ends after the deadline still counts: the re-send finds it', async () => {
    const slow = withStore(desk.authority, {
      async commit(batch) {
        await new Promise((resolve) => setTimeout(resolve, 80))
        return desk.authority.store.commit(batch)
      },
    })
    await within(20, slow)
    expect(await sold()).toBeNull()
    await expect.poll(sold).not.toBeNull()
    expect(await desk.buy({ orderId })).toMatchObject({ code: '000000', instance: (await sold())!.id })
  })
})

describe('when no key may sign', () => {
  const YEAR = 366 * DAY

  test('a purchase is 000005 and nothing is sold', async () => {
    desk.clock.time = NOON + YEAR
    const expireTime = inDays(400)
    expect(await desk.buy({ orderId, expireTime })).toMatchObject(FAILED)
    expect(await sold()).toBeNull()
    expect(newLines()).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'sale_not_issued',
        detail: { channel: 'huawei', why: 'no_key' },
      }),
    )
    expect(await desk.buy({ orderId, expireTime, testFlag: 1 })).toMatchObject({ code: '000005' })
  })

  test('a renewal is 000005 and changes nothing, a freeze and a release need none', async () => {
    const { instance } = await desk.buy({ orderId, expireTime: inDays(500) })
    desk.clock.time = NOON + YEAR
    const renewal = { orderId: 'R-1', instanceId: instance, expireTime: inDays(600) }
    expect(await desk.send(desk.caller.refreshLicense(renewal, desk.moment()))).toMatchObject(FAILED)
    expect(await desk.authority.store.byId(instance)).toMatchObject({ revision: 1 })
    const end = { orderId, instanceId: instance }
    expect(await desk.send(desk.caller.expireLicense(end, desk.moment()))).toMatchObject({ code: '000000' })
    expect(await desk.send(desk.caller.releaseLicense(end, desk.moment()))).toMatchObject({ code: '000000' })
    expect(await desk.authority.store.byId(instance)).toMatchObject({ status: 'released', revision: 3 })
  })

  test('nothing can be stated either', async () => {
    const { license } = await desk.buy({ orderId, expireTime: inDays(500) })
    desk.clock.time = NOON + YEAR
    await expect(desk.ask(license)).rejects.toThrow('no_key')
  })
})

test('a signature that does not verify leaves the house as 000005, and no license', async () => {
  const crypto = { ...desk.authority.crypto, verify: () => false }
  expect(await desk.send(purchase(), { ...desk.authority, crypto })).toMatchObject(FAILED)
  expect(newLines()).toMatchObject([{ level: 'error', event: 'callback_failed' }])
  expect(await sold()).toBeNull()
})

test('at the last revision a change is refused, support is told, and nothing wraps', async () => {
  const { instance } = await desk.buy({ orderId })
  const before = (await desk.authority.store.byId(instance))!
  const exhausted = withStore(desk.authority, {
    byInstance: async () => ({ ...before, revision: MAX_REVISION }),
  })
  const renewal = { orderId: 'R-1', instanceId: instance, expireTime: inDays(60) }
  expect(await desk.send(desk.caller.refreshLicense(renewal, desk.moment()), exhausted)).toMatchObject(FAILED)
  const alerts = await desk.authority.store.dueAlerts(desk.clock.time, 1_000)
  expect(alerts.filter(({ alert }) => alert.kind === 'revisions_exhausted')).toMatchObject([
    { alert: { detail: { license: instance, revision: MAX_REVISION } } },
  ])
  expect(await desk.authority.store.byId(instance)).toMatchObject({ revision: 1 })
})
