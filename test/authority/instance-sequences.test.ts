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
import { walkAll } from './sequences.ts'

const day = (n: number): number => NOON + n * DAY
const BASE_END = day(30)

/** What each event asks for. Three orders change the license, the upgrade is the newest of them. */
const SOLD: Readonly<
  Record<string, Pick<OrderInfo, 'kind' | 'createdAt'> & { product: string; quantity: string }>
> = {
  purchase: { kind: 'TRIAL', createdAt: day(0), product: 'OFFI-GOLD', quantity: '5' },
  changing: { kind: 'RENEW', createdAt: day(1), product: 'OFFI-BASE', quantity: '1' },
  formal: { kind: 'TRIAL_TO_FORMAL', createdAt: day(2), product: 'OFFI-GOLD', quantity: '7' },
  upgrade: { kind: 'CHANGE', createdAt: day(3), product: 'OFFI-GOLD', quantity: '9' },
}

const LETTERS = [
  'learn',
  'renew',
  'changing',
  'formal',
  'upgrade',
  'cancel',
  'freeze',
  'unfreeze',
  'release',
] as const
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
    case 'formal':
      return asks({ type: 'renew', ...ends('formal', 45), formal: true }, ofOrder('formal', 'formal', true))
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

interface Rules {
  readonly isReleased: boolean
  readonly isFrozen: boolean
  readonly isLearnt: boolean
  readonly paidUntil: number
  readonly applied: ReadonlySet<Letter>
}

const OPENED: Rules = {
  ...{ isReleased: false, isFrozen: false, isLearnt: false },
  paidUntil: BASE_END,
  applied: new Set(),
}

/** What a sequence leads to once all is learnt; only a release cares when that was. */
function ruled(before: Rules, letter: Letter): Rules {
  const { isReleased, applied, paidUntil } = before
  if (isReleased || applied.has(letter)) return before
  const once = { ...before, applied: new Set([...applied, letter]) }
  switch (letter) {
    case 'learn':
      return { ...before, isLearnt: true }
    case 'freeze':
    case 'unfreeze':
      return { ...before, isFrozen: letter === 'freeze' }
    case 'release':
      return { ...before, isReleased: true }
    case 'renew':
      return applied.has('cancel') ? once : { ...once, paidUntil: Math.max(paidUntil, day(60)) }
    case 'changing':
      return { ...once, paidUntil: Math.max(paidUntil, day(90)) }
    case 'formal':
      return { ...once, paidUntil: Math.max(paidUntil, day(45)) }
    case 'cancel':
      return { ...once, paidUntil: Math.min(paidUntil, day(40)) }
    case 'upgrade':
      return once
  }
}

function expected({ isReleased, isFrozen, isLearnt, paidUntil, applied }: Rules): object {
  // Released before its terms were learnt, it never had any.
  if (isReleased) return { status: 'released', terms: isLearnt ? expect.anything() : null }
  const newest = (['upgrade', 'formal', 'changing'] as const).find((letter) => applied.has(letter))
  const [edition, seats] = { upgrade: [2, 9], formal: [2, 7], changing: [1, 3], none: [2, 5] }[
    newest ?? 'none'
  ]
  return {
    status: isFrozen ? 'frozen' : 'active',
    terms: expect.objectContaining({ edition, seats, paidUntil, trial: !applied.has('formal') }),
  }
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
  const count = await walkAll({
    ...{ letters: LETTERS, length: 5, memory, rules: OPENED, ruled, step },
    async check(rules, path) {
      await learn()
      expect(memory.world.license, path.join(', ')).toMatchObject(expected(rules))
    },
  })
  expect(count).toBe(1 + 9 + 9 ** 2 + 9 ** 3 + 9 ** 4 + 9 ** 5)
})

test('a notice of any of the orders, before or after its call, changes nothing of that', async () => {
  await opened()
  const start = memory.world
  const sent = ['changing', 'upgrade', 'renew'] as const
  const after = sent.reduce<Rules>(ruled, OPENED)
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
        for (const letter of sent) await step(letter)
        if (!early) await notify()
        await learn()
        expect(memory.world.license).toMatchObject(expected(after))
      }
})
