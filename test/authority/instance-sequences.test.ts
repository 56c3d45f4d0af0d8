import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import type { Snapshot } from '../../src/authority/configuration.ts'
import { demand } from '../../src/authority/demand.ts'
import { learnOrder } from '../../src/authority/learn.ts'
import type { Channel, Demand } from '../../src/authority/marketplace.ts'
import { notice } from '../../src/authority/notice.ts'
import { open } from '../../src/authority/opening.ts'
import type { OrderInfo } from '../../src/authority/outgoing/port.ts'
import type { Worked } from '../../src/authority/receive.ts'
import { upgrade } from '../../src/authority/upgrade.ts'
import { settleWaiting } from '../../src/authority/waiting-orders.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk } from './desk.ts'
import { inMemory, NOTHING_YET, type World } from './memory-ledger.ts'

const day = (n: number): number => NOON + n * DAY
const BASE_END = day(30)

/** What each event asks for. Two orders change the license; the upgrade is the newer one. */
const SOLD: Readonly<
  Record<string, Pick<OrderInfo, 'kind' | 'createdAt'> & { product: string; quantity: string }>
> = {
  purchase: { kind: 'NEW', createdAt: day(0), product: 'OFFI-GOLD', quantity: '5' },
  changing: { kind: 'RENEW', createdAt: day(1), product: 'OFFI-BASE', quantity: '1' },
  upgrade: { kind: 'CHANGE', createdAt: day(2), product: 'OFFI-GOLD', quantity: '9' },
}

const LETTERS = ['learn', 'renew', 'changing', 'upgrade', 'cancel', 'freeze', 'unfreeze', 'release'] as const
type Letter = (typeof LETTERS)[number]

let desk: Desk
let memory: { authority: Authority; world: World }
let snapshot: Snapshot
let channel: Channel
let instance: string
beforeAll(async () => {
  desk = await openDesk()
  memory = inMemory(desk.authority)
  snapshot = await memory.authority.configuration.current(NOON)
  channel = snapshot.channels.get('huawei')!
})
afterAll(() => desk.close())

const refOf = (id: string) => ({ id, line: `${id}-1` })

const ofOrder = (id: string, cause: NonNullable<Demand['order']>['cause'], learn: boolean) => ({
  ref: refOf(id),
  cause,
  learn,
})

function sends(letter: Exclude<Letter, 'learn'>): Promise<Worked> {
  const { authority } = memory
  const asks = (command: Demand['command'], order: Demand['order'] = null) =>
    demand(authority, snapshot, channel, {
      type: 'demand',
      test: false,
      instance,
      command,
      unknown: 'park',
      order,
    })
  const ends = (order: string, n: number) => ({ order, paidUntil: day(n) })
  switch (letter) {
    case 'renew':
      return asks({ type: 'renew', ...ends('renewal', 60) }, ofOrder('renewal', 'renewal', false))
    case 'changing':
      return asks({ type: 'renew', ...ends('changing', 90) }, ofOrder('changing', 'changing_renewal', true))
    case 'cancel':
      return asks(
        { type: 'shorten', ...ends('unsubscribe:renewal', 40), cancels: 'renewal' },
        ofOrder('renewal', 'cancellation', false),
      )
    case 'freeze':
      return asks({ type: 'freeze', cause: 'status_call' })
    case 'unfreeze':
      return asks({ type: 'reinstate' })
    case 'release':
      return asks({ type: 'release' })
    case 'upgrade': {
      const wanted = {
        type: 'upgrade',
        test: false,
        instance,
        order: refOf('upgrade'),
        bought: null,
      } as const
      return upgrade(authority, snapshot, channel, wanted)
    }
  }
}

const infoOf = (id: string): OrderInfo => {
  const { kind, createdAt, product, quantity } = SOLD[id]!
  const paidUntil = id === 'purchase' ? BASE_END : null
  const line = { line: `${id}-1`, charging: 'PERIOD', paidUntil, period: null, sku: null } as const
  return { id, kind, createdAt, customer: null, lines: [{ ...line, marketplaceProduct: product, quantity }] }
}

/** Every question that is open is answered. */
async function learn(): Promise<void> {
  for (const [key, { call, done }] of memory.world.calls) {
    if (done || call.type !== 'query_order') continue
    const queued = { id: key, channel: 'huawei', attempts: 1 } as never
    await learnOrder(memory.authority, { queued, call }, { type: 'order', order: infoOf(call.order) })
    memory.world = { ...memory.world, calls: new Map(memory.world.calls).set(key, { call, done: true }) }
  }
  await settleWaiting(memory.authority)
}

async function step(letter: Letter): Promise<void> {
  if (letter === 'learn') return learn()
  const { batch } = await sends(letter)
  await memory.authority.store.commit(batch)
}

/** The rules, written down a second time and without a license: what a sequence must end in once all is learnt. */
function expected(path: readonly Letter[]): object {
  const end = path.indexOf('release')
  const lived = end < 0 ? path : path.slice(0, end)
  // Released before its terms were learnt, it never had any.
  if (end >= 0) return { status: 'released', terms: lived.includes('learn') ? expect.anything() : null }
  let paidUntil = BASE_END
  const applied = new Set<string>()
  let frozen = false
  for (const letter of lived) {
    if (letter === 'freeze') frozen = true
    if (letter === 'unfreeze') frozen = false
    if (applied.has(letter)) continue
    if (letter === 'renew' && !applied.has('cancel')) paidUntil = Math.max(paidUntil, day(60))
    if (letter === 'changing') paidUntil = Math.max(paidUntil, day(90))
    if (letter === 'cancel') paidUntil = Math.min(paidUntil, day(40))
    applied.add(letter)
  }
  const sold = applied.has('upgrade') ? [2, 9] : applied.has('changing') ? [1, 3] : [2, 5]
  return {
    status: frozen ? 'frozen' : 'active',
    terms: expect.objectContaining({ edition: sold[0], seats: sold[1], paidUntil }),
  }
}

/** A node is a sequence; its world is gone back to for each of its continuations. */
async function walk(path: readonly Letter[], length: number, seen: { count: number }): Promise<void> {
  const here = memory.world
  await learn()
  expect(memory.world.license, path.join(', ')).toMatchObject(expected(path))
  seen.count++
  if (path.length === length) return
  for (const letter of LETTERS) {
    memory.world = here
    await step(letter)
    await walk([...path, letter], length, seen)
  }
  memory.world = here
}

async function opened(): Promise<void> {
  memory.world = NOTHING_YET
  const opening = {
    type: 'opening',
    test: false,
    order: refOf('purchase'),
    businessId: 'b',
    told: null,
  } as const
  const none = { answer: null, license: null }
  const { reply, batch } = await open(memory.authority, snapshot, channel, opening, none)
  if (reply.type !== 'opened') throw new Error(reply.type)
  instance = reply.instance
  await memory.authority.store.commit(batch)
}

test('every sequence of up to five calls of an instance, repeats included, learnt at any time, ends as the rules say', {
  timeout: 120_000,
}, async () => {
  await opened()
  const seen = { count: 0 }
  await walk([], 5, seen)
  expect(seen.count).toBe(1 + 8 + 8 ** 2 + 8 ** 3 + 8 ** 4 + 8 ** 5)
})

test('a notice of any of the orders, before or after its call, changes nothing of that', async () => {
  await opened()
  const start = memory.world
  for (const noticed of ['purchase', 'changing', 'upgrade'])
    for (const early of [true, false])
      for (const learns of [true, false]) {
        memory.world = start
        const notify = async () => {
          const worked = await notice(memory.authority, channel, {
            type: 'notice',
            test: false,
            order: refOf(noticed),
          })
          await memory.authority.store.commit(worked.batch)
          if (learns) await learn()
        }
        if (early) await notify()
        for (const letter of ['changing', 'upgrade', 'renew'] as const) await step(letter)
        if (!early) await notify()
        await learn()
        expect(memory.world.license).toMatchObject(expected(['changing', 'upgrade', 'renew']))
      }
})
