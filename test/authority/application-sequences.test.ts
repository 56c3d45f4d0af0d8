import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyForLicense } from '../../src/authority/apply-for-license.ts'
import type { Authority } from '../../src/authority/authority.ts'
import type { Snapshot } from '../../src/authority/configuration.ts'
import { demand } from '../../src/authority/demand.ts'
import { learnOrder } from '../../src/authority/learn.ts'
import type { Channel, Demand } from '../../src/authority/marketplace.ts'
import { open } from '../../src/authority/opening.ts'
import type { OrderInfo } from '../../src/authority/outgoing/port.ts'
import type { Worked } from '../../src/authority/receive.ts'
import { settleApplications } from '../../src/authority/waiting-applications.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk } from './desk.ts'
import { inMemory, NOTHING_YET, type World } from './memory-ledger.ts'
import { walkAll } from './sequences.ts'

const day = (n: number): number => NOON + n * DAY

/** One seat for thirty days. The first asks for as long as that, the second for longer, the third as the first does. */
const WISHES = {
  first: { device: 'laptop', days: 30 },
  longer: { device: 'desktop', days: 60 },
  another: { device: 'server', days: 30 },
} as const
type Wish = keyof typeof WISHES

const LETTERS = ['learn', 'renew', 'freeze', 'unfreeze', 'release', 'first', 'longer', 'another'] as const
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

const order = { id: 'purchase', line: 'purchase-1' }

function asks(command: Demand['command']): Promise<Worked> {
  const call = { type: 'demand', test: false, instance, command, unknown: 'park', order: null } as const
  return demand(memory.authority, snapshot, channel, call)
}

function sends(letter: Exclude<Letter, 'learn'>): Promise<Worked> {
  switch (letter) {
    case 'renew':
      return asks({ type: 'renew', order: 'renewal', paidUntil: day(60) })
    case 'freeze':
      return asks({ type: 'freeze', cause: 'status_call' })
    case 'unfreeze':
      return asks({ type: 'reinstate' })
    case 'release':
      return asks({ type: 'release' })
    default: {
      const { device: fingerprint, days } = WISHES[letter]
      return applyForLicense(memory.authority, snapshot, channel, {
        type: 'application',
        test: false,
        instance,
        event: letter,
        fingerprint,
        effectiveAt: NOON,
        expiresAt: day(days),
      })
    }
  }
}

const line = { line: order.line, charging: 'PERIOD', paidUntil: day(30), period: null, sku: null } as const
const PURCHASE: OrderInfo = {
  id: order.id,
  kind: 'NEW',
  createdAt: NOON,
  customer: null,
  lines: [{ ...line, marketplaceProduct: 'OFFI-GOLD', quantity: '1' }],
}

async function learn(): Promise<void> {
  for (const [key, { call, done }] of memory.world.calls) {
    if (done || call.type !== 'query_order') continue
    const queued = { id: key, channel: 'huawei', attempts: 1 } as never
    await learnOrder(memory.authority, { queued, call }, { type: 'order', order: PURCHASE })
    memory.world = { ...memory.world, calls: new Map(memory.world.calls).set(key, { call, done: true }) }
  }
  await settleApplications(memory.authority)
}

async function step(letter: Letter): Promise<void> {
  if (letter === 'learn') return learn()
  await memory.authority.store.commit((await sends(letter)).batch)
}

const isWish = (letter: Letter): letter is Wish => letter in WISHES

interface Rules {
  readonly isKnown: boolean
  readonly isFrozen: boolean
  readonly isReleased: boolean
  readonly days: number
  /** What became of each application. */
  readonly became: ReadonlyMap<Wish, string>
}

const OPENED: Rules = {
  ...{ isKnown: false, isFrozen: false, isReleased: false },
  days: 30,
  became: new Map(),
}

function ruled(before: Rules, letter: Letter): Rules {
  if (letter === 'learn') return settled(before)
  if (before.isReleased) return before
  if (letter === 'release') return { ...before, isReleased: true }
  if (letter === 'renew') return { ...before, days: 60 }
  return isWish(letter) ? asked(before, letter) : { ...before, isFrozen: letter === 'freeze' }
}

const judged = ({ became, days }: Rules, wish: Wish): string => {
  if (WISHES[wish].days > days) return 'outside_term'
  return [...became.values()].includes('made') ? 'no_seat' : 'made'
}

const having = (rules: Rules, wish: Wish, what: string): Rules => ({
  ...rules,
  became: new Map(rules.became).set(wish, what),
})

function asked(rules: Rules, wish: Wish): Rules {
  if (rules.became.get(wish) === 'made') return rules
  if (!rules.isKnown) return having(rules, wish, 'waiting')
  const isServed = !rules.isFrozen && judged(rules, wish) === 'made'
  return isServed ? having(rules, wish, 'made') : rules
}

function settled(before: Rules): Rules {
  const known = before.isReleased ? before : { ...before, isKnown: true }
  const waiting = [...before.became.keys()].filter((wish) => before.became.get(wish) === 'waiting').sort()
  return waiting.reduce((rules, wish) => {
    if (rules.isReleased) return having(rules, wish, 'license_released')
    return rules.isFrozen ? rules : having(rules, wish, judged(rules, wish))
  }, known)
}

const found = () =>
  Object.fromEntries(
    [...memory.world.applications.values()].map((one) => [
      one.event,
      one.state === 'refused' ? one.why : one.state,
    ]),
  )

async function check(rules: Rules, path: readonly Letter[]): Promise<void> {
  await learn()
  const { became } = settled(rules)
  expect(found(), path.join(', ')).toEqual(Object.fromEntries(became))
  const made = [...became.values()].filter((one) => one === 'made').length
  expect(made).toBeLessThanOrEqual(1)
  expect(memory.world.deviceCodes).toHaveLength(made)
  const uploads = [...memory.world.calls.values()].filter(({ call }) => call.type === 'upload_license')
  expect(uploads).toHaveLength(made)
}

test('every sequence of up to five calls of an online license, repeats included, learnt at any time, serves what the rules say', {
  timeout: 120_000,
}, async () => {
  memory.world = NOTHING_YET
  const opening = { type: 'opening', test: false, order, businessId: 'b', told: null } as const
  const { reply, batch } = await open(memory.authority, snapshot, channel, opening, {
    answer: null,
    license: null,
  })
  if (reply.type !== 'opened') throw new Error(reply.type)
  instance = reply.instance
  await memory.authority.store.commit(batch)
  const count = await walkAll({
    ...{ letters: LETTERS, length: 5, memory, rules: OPENED, ruled, step, check },
  })
  expect(count).toBe(1 + 8 + 8 ** 2 + 8 ** 3 + 8 ** 4 + 8 ** 5)
})
