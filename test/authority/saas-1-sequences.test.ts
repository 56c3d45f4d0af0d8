import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import type { Snapshot } from '../../src/authority/configuration.ts'
import { demand } from '../../src/authority/demand.ts'
import type { Channel, Intent } from '../../src/authority/marketplace.ts'
import type { Worked } from '../../src/authority/receive.ts'
import { sell } from '../../src/authority/sell.ts'
import { upgrade } from '../../src/authority/upgrade.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { arriving, DAY, inDays } from './desk.ts'
import { inMemory, NOTHING_YET, type World } from './memory-ledger.ts'
import { openSaas1Desk, type Saas1Desk } from './saas-1-kit.ts'
import { walkAll } from './sequences.ts'

const LETTERS = [
  'open',
  'renew',
  'formal',
  'upgrade',
  'more',
  'expire',
  'freeze',
  'normal',
  'release',
] as const
type Letter = (typeof LETTERS)[number]

let desk: Saas1Desk
let memory: { authority: Authority; world: World }
let snapshot: Snapshot
let channel: Channel
beforeAll(async () => {
  desk = await openSaas1Desk()
  memory = inMemory(desk.authority)
  snapshot = await memory.authority.configuration.current(NOON)
  channel = snapshot.channels.get('huawei')!
})
afterAll(() => desk.close())

/** What the plug-in makes of a call. */
function intentOf(call: HuaweiCall): Intent {
  const opened = desk.authority.marketplaces.get('huawei')!.open(arriving(call), channel, desk.clock.nowMs())
  if (opened.type !== 'authentic' || opened.intent === null) throw new Error(`no intent: ${opened.why}`)
  return opened.intent
}

const BUYER = { customerId: 'customer-1', customerName: '张三' }
const opening = () =>
  intentOf(
    desk.elder.newInstance(
      {
        ...BUYER,
        orderId: 'CS-1',
        productId: 'OFFI-GOLD',
        amount: 5,
        trialFlag: '1',
        expireTime: inDays(30),
      },
      desk.moment(),
    ),
  )

/** Every letter as the marketplace would send it. */
function intentsOn(instanceId: string): Readonly<Record<Letter, Intent>> {
  const { elder } = desk
  const at = desk.moment()
  const order = (orderId: string) => ({ instanceId, orderId })
  const bought = (productId: string) => ({ productId, skuCode: 'sku', amount: 9 })
  const calls: Record<Exclude<Letter, 'open'>, HuaweiCall> = {
    renew: elder.refreshInstance({ ...order('CS-RENEW'), expireTime: inDays(60) }, at),
    formal: elder.refreshInstance({ ...order('CS-FORMAL'), expireTime: inDays(45), trialToFormal: '1' }, at),
    upgrade: elder.upgrade({ ...order('CS-UPGRADE'), ...bought('OFFI-BASE') }, at),
    more: elder.upgrade({ ...order('CS-MORE'), ...bought('OFFI-GOLD') }, at),
    expire: elder.expireInstance(order('CS-1'), at),
    freeze: elder.instanceStatus({ instanceId, instanceStatus: 'FREEZE' }, at),
    normal: elder.instanceStatus({ instanceId, instanceStatus: 'NORMAL' }, at),
    release: elder.releaseInstance(order('CS-1'), at),
  }
  const read = Object.entries(calls).map(([letter, call]) => [letter, intentOf(call)])
  return { open: opening(), ...Object.fromEntries(read) }
}

const FIRST_ANSWER = 'what was answered first'

async function work(intent: Intent): Promise<Worked> {
  const { authority, world } = memory
  switch (intent.type) {
    case 'sale': {
      const answer = world.license && { fields: 'f', body: FIRST_ANSWER }
      const license = world.license?.id ?? null
      return sell(authority, snapshot, channel, intent, { mark: null, answer, license, parking: false })
    }
    case 'demand':
      return demand(authority, snapshot, channel, intent)
    case 'upgrade':
      return upgrade(authority, snapshot, channel, intent)
    default:
      throw new Error(`${intent.type} is none of SaaS 1.0`)
  }
}

interface Expected {
  status: 'active' | 'frozen' | 'released'
  reason: 'expired' | 'violation' | null
  end: number
  trial: boolean
  sold: readonly [edition: number, seats: number]
  applied: ReadonlySet<Letter>
}

const BOUGHT: Expected = {
  status: 'active',
  reason: null,
  end: 30,
  trial: true,
  sold: [2, 5],
  applied: new Set(),
}

/** The rules, written down a second time: what a license is after one more call. */
function ruled(before: Expected, letter: Letter): Expected {
  if (before.status === 'released' || before.applied.has(letter)) return before
  const frozen = before.status === 'frozen'
  const active = { status: 'active', reason: null } as const
  const once = { ...before, applied: new Set([...before.applied, letter]) }
  const until = (end: number): Expected =>
    end <= before.end ? once : { ...once, end, ...(before.reason === 'expired' && active) }
  switch (letter) {
    case 'open':
      return before
    case 'renew':
      return until(60)
    case 'formal':
      return { ...until(45), trial: false }
    case 'upgrade':
      return { ...once, sold: [1, 3] }
    case 'more':
      return { ...once, sold: [2, 9] }
    case 'expire':
      return frozen ? before : { ...before, status: 'frozen', reason: 'expired' }
    case 'freeze':
      return frozen ? before : { ...before, status: 'frozen', reason: 'violation' }
    case 'normal':
      return { ...before, ...active }
    case 'release':
      return { ...before, status: 'released', reason: null }
  }
}

function check({ status, reason, end, trial, sold }: Expected, path: readonly Letter[]): void {
  const { license } = memory.world
  if (license === null || !('terms' in license) || license.terms === null) throw new Error('no terms')
  const { terms } = license
  const is = [license.status, license.status === 'frozen' ? license.reason : null]
  expect([...is, terms.paidUntil, terms.trial, terms.edition, terms.seats], path.join(', ')).toEqual([
    status,
    reason,
    NOON + end * DAY,
    trial,
    ...sold,
  ])
}

const REFUSED_AFTER_RELEASE: readonly Letter[] = ['renew', 'formal', 'upgrade', 'more', 'normal']

test('every sequence of up to five calls of an instance, repeats included, ends as the rules say', {
  timeout: 120_000,
}, async () => {
  memory.world = NOTHING_YET
  const { reply, batch } = await work(opening())
  if (reply.type !== 'sold') throw new Error(reply.type)
  await memory.authority.store.commit(batch)
  const intents = intentsOn(reply.instance)
  const count = await walkAll({
    ...{ letters: LETTERS, length: 5, memory, rules: BOUGHT, ruled, check },
    async step(letter, place) {
      const isGone = memory.world.license?.status === 'released' && REFUSED_AFTER_RELEASE.includes(letter)
      desk.clock.time = NOON + place + 1
      const { reply, batch, remembered } = await work(intents[letter])
      expect(reply.type).toBe(isGone ? 'refused' : 'done')
      if (letter === 'open') expect(remembered).toBe(FIRST_ANSWER)
      await memory.authority.store.commit(batch)
    },
  })
  expect(count).toBe(1 + 9 + 9 ** 2 + 9 ** 3 + 9 ** 4 + 9 ** 5)
})
