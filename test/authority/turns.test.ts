import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { receive } from '../../src/authority/receive.ts'
import { createTurns } from '../../src/authority/turns.ts'
import { NOON } from '../support/instance.ts'
import { arriving, type Desk, inDays, never, openDesk, withStore } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let instance: string
beforeEach(async () => {
  desk.clock.time = NOON
  instance = (await desk.buy({ orderId: desk.newOrder() })).instance
})

const renew = (days: number, authority = desk.authority) =>
  desk.send(
    desk.caller.refreshLicense(
      { orderId: desk.newOrder(), instanceId: instance, expireTime: inDays(days) },
      desk.moment(),
    ),
    authority,
  )

describe('calls on one license that come together', () => {
  test.each([30, 200])('%i renewals are all done, each with its own revision', async (count) => {
    const answers = await Promise.all(Array.from({ length: count }, (_, n) => renew(31 + n)))
    expect(answers.filter(({ code }) => code !== '000000')).toEqual([])
    const history = await desk.authority.store.history(instance)
    expect(history.map(({ revision }) => revision)).toEqual(
      Array.from({ length: count + 1 }, (_, n) => n + 1),
    )
    expect(await desk.authority.store.byId(instance)).toMatchObject({
      revision: count + 1,
      terms: { paidUntil: NOON + (30 + count) * 86_400 },
    })
    expect((await desk.authority.store.byId(instance))!.orders).toHaveLength(count + 1)
  })

  test('one purchase sent thirty times is sold once, and answered alike', async () => {
    const orderId = desk.newOrder()
    const answers = await Promise.all(Array.from({ length: 30 }, () => desk.buy({ orderId })))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(answers[0]).toMatchObject({ code: '000000' })
  })

  test('in two processes are both done: whoever came second tries again', async () => {
    const other = await desk.reopen()
    const answers = await Promise.all([renew(60), renew(90, other.authority)])
    expect(answers.map(({ code }) => code)).toEqual(['000000', '000000'])
    expect(await desk.authority.store.byId(instance)).toMatchObject({
      terms: { paidUntil: NOON + 90 * 86_400 },
    })
    await other.close()
  })

  test('are not begun any more when their deadline has passed before their turn', async () => {
    let letGo = () => {}
    const gate = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const store = desk.authority.store
    const slow = withStore(desk.authority, {
      byInstance: (channel, name) => gate.then(() => store.byInstance(channel, name)),
    })
    const first = renew(60, slow)
    const snapshot = await desk.authority.configuration.current(desk.clock.now())
    const call = desk.caller.refreshLicense(
      { orderId: desk.newOrder(), instanceId: instance, expireTime: inDays(90) },
      desk.moment(),
    )
    const channel = snapshot.channels.get('huawei')!
    const late = await receive(slow, snapshot, channel, arriving(call), Promise.resolve(), 'request-2')
    expect(JSON.parse(late.body)).toMatchObject({ resultCode: '000005' })
    letGo()
    expect(await first).toMatchObject({ code: '000000' })
    expect(await renew(61)).toMatchObject({ code: '000000' })
    expect(await store.byId(instance)).toMatchObject({
      revision: 3,
      terms: { paidUntil: NOON + 61 * 86_400 },
    })
    expect(await desk.send(call)).toMatchObject({ code: '000000' })
    expect(await store.byId(instance)).toMatchObject({
      revision: 4,
      terms: { paidUntil: NOON + 90 * 86_400 },
    })
  })

  test('do not hold up a call on another license', async () => {
    const held = instance
    const store = desk.authority.store
    const stuck = withStore(desk.authority, {
      byInstance: (channel, name) => (name === held ? never() : store.byInstance(channel, name)),
    })
    void renew(60, stuck)
    instance = (await desk.buy({ orderId: desk.newOrder() })).instance
    expect(await renew(60, stuck)).toMatchObject({ code: '000000' })
  })
})

test('work that fails is followed by the next, and tells only its own caller', async () => {
  const turns = createTurns()
  const done: number[] = []
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map((n) =>
      turns.take('one', async () => {
        await Promise.resolve()
        done.push(n)
        if (n === 2) throw new Error('two')
        return n
      }),
    ),
  )
  expect(done).toEqual([1, 2, 3])
  expect(outcomes).toMatchObject([{ value: 1 }, { status: 'rejected' }, { value: 3 }])
})
