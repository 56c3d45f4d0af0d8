import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { learnOrder } from '../../src/authority/learn.ts'
import type { Channel } from '../../src/authority/marketplace.ts'
import { notice } from '../../src/authority/notice.ts'
import type { OrderInfo } from '../../src/authority/outgoing/port.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk } from './desk.ts'
import { inMemory, NOTHING_YET, type World } from './memory-ledger.ts'
import { walkAll } from './sequences.ts'

const KINDS = { purchase: 'NEW', renewal: 'RENEW', change: 'CHANGE', refund: 'UNSUBSCRIBE' } as const
type Order = keyof typeof KINDS
type Letter = Order | 'learn'
const ORDERS = Object.keys(KINDS) as Order[]

let desk: Desk
let memory: { authority: Authority; world: World }
let channel: Channel
beforeAll(async () => {
  desk = await openDesk()
  memory = inMemory(desk.authority)
  channel = (await memory.authority.configuration.current(NOON)).channels.get('huawei')!
})
afterAll(() => desk.close())

const refOf = (id: string) => ({ id, line: `${id}-1` })

function infoOf(id: string): OrderInfo {
  const line = { line: refOf(id).line, charging: 'PERIOD', paidUntil: NOON + 9 * DAY, period: null } as const
  const lines = [{ ...line, marketplaceProduct: 'OFFI-GOLD', sku: null, quantity: '5' }]
  return { id, kind: KINDS[id as Order], createdAt: NOON, customer: null, lines }
}

async function step(letter: Letter): Promise<void> {
  if (letter !== 'learn') {
    const named = { type: 'notice', test: false, order: refOf(letter) } as const
    const { reply, batch } = await notice(memory.authority, channel, named)
    expect(reply.type).toBe('done')
    await memory.authority.store.commit(batch)
    return
  }
  for (const [key, { call, done }] of memory.world.calls) {
    if (done || call.type !== 'query_order') continue
    const queued = { id: key, channel: 'huawei', attempts: 1 } as never
    await learnOrder(memory.authority, { queued, call }, { type: 'order', order: infoOf(call.order) })
    memory.world = { ...memory.world, calls: new Map(memory.world.calls).set(key, { call, done: true }) }
  }
}

type Rules = Readonly<Partial<Record<Order, 'asked' | 'learnt'>>>

function ruled(before: Rules, letter: Letter): Rules {
  if (letter !== 'learn') return { [letter]: 'asked', ...before }
  return Object.fromEntries(Object.keys(before).map((order) => [order, 'learnt']))
}

function check(rules: Rules, path: readonly Letter[]): void {
  const { license, orders, calls } = memory.world
  const found = [...orders.values()].map(({ order, cause, state, learnt }) => {
    expect(learnt?.kind ?? null).toBe(state === 'learnt' ? KINDS[order.id as Order] : null)
    return [order, cause, state]
  })
  const wanted = ORDERS.flatMap((id) => (rules[id] ? [[refOf(id), 'notice', rules[id]]] : []))
  expect(new Set(found), path.join(', ')).toEqual(new Set(wanted))
  const asked = [...calls.values()].map(({ call }) => call.type === 'query_order' && call.order)
  expect(asked.sort()).toEqual(Object.keys(rules).sort())
  expect(license).toBeNull()
}

test('every sequence of up to five notices, repeats included, learnt at any time, leaves each order once and no license', async () => {
  memory.world = NOTHING_YET
  const letters: readonly Letter[] = [...ORDERS, 'learn']
  const count = await walkAll<Letter, Rules>({
    ...{ letters, length: 5, memory, rules: {}, ruled, step, check },
  })
  expect(count).toBe(1 + 5 + 5 ** 2 + 5 ** 3 + 5 ** 4 + 5 ** 5)
})
