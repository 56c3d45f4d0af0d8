import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import type { Snapshot } from '../../src/authority/configuration.ts'
import { demand } from '../../src/authority/demand.ts'
import type { Channel } from '../../src/authority/marketplace.ts'
import type { Worked } from '../../src/authority/receive.ts'
import { sell } from '../../src/authority/sell.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { arriving, DAY, type Desk, inDays, openDesk, PURCHASE } from './desk.ts'
import { inMemory, NOTHING_YET, type World } from './memory-ledger.ts'
import { walkAll } from './sequences.ts'

const LETTERS = ['get', 'renew', 'longer', 'expire', 'release'] as const
type Letter = (typeof LETTERS)[number]

let desk: Desk
let memory: { authority: Authority; world: World }
let snapshot: Snapshot
let channel: Channel
beforeAll(async () => {
  desk = await openDesk()
  memory = inMemory(desk.authority)
  snapshot = await memory.authority.configuration.current(NOON)
  channel = snapshot.channels.get('huawei')!
})
afterAll(() => desk.close())

const purchase = () => desk.caller.getLicense({ ...PURCHASE, trialFlag: '1' }, desk.moment())

/** Every letter as the marketplace would send it. */
function callOf(letter: Letter, instanceId: string): HuaweiCall {
  const { caller } = desk
  const renewal = (orderId: string, days: number) =>
    caller.refreshLicense({ instanceId, orderId, expireTime: inDays(days) }, desk.moment())
  switch (letter) {
    case 'get':
      return purchase()
    case 'renew':
      return renewal('CS-RENEW', 60)
    case 'longer':
      return renewal('CS-LONGER', 90)
    case 'expire':
      return caller.expireLicense({ instanceId, orderId: PURCHASE.orderId }, desk.moment())
    case 'release':
      return caller.releaseLicense({ instanceId, orderId: PURCHASE.orderId }, desk.moment())
  }
}

const FIRST_ANSWER = 'what was answered first'

async function work(call: HuaweiCall): Promise<Worked> {
  const { authority, world } = memory
  const opened = desk.authority.marketplaces.get('huawei')!.open(arriving(call), channel, desk.clock.nowMs())
  const intent = opened.type === 'authentic' ? opened.intent : null
  if (intent?.type === 'demand') return demand(authority, snapshot, channel, intent)
  if (intent?.type !== 'sale') throw new Error('none of License 1.0')
  const answer = world.license && { fields: 'f', body: FIRST_ANSWER }
  const known = { mark: null, answer, license: world.license?.id ?? null, parking: false }
  return sell(authority, snapshot, channel, intent, known)
}

interface Rules {
  readonly status: 'active' | 'frozen' | 'released'
  readonly days: number
  readonly trial: boolean
}

/** A renewal only ever sets its own end, so that a repeat of it changes nothing by itself. */
function ruled(before: Rules, letter: Letter): Rules {
  const { status, days } = before
  if (status === 'released' || letter === 'get') return before
  if (letter === 'release') return { ...before, status: 'released' }
  if (letter === 'expire') return { ...before, status: 'frozen' }
  const wanted = letter === 'renew' ? 60 : 90
  // A trial that is renewed is one no more, also by a renewal that comes late.
  return wanted > days ? { status: 'active', days: wanted, trial: false } : { ...before, trial: false }
}

function check({ status, days, trial }: Rules, path: readonly Letter[]): void {
  expect(memory.world.license, path.join(', ')).toMatchObject({
    status,
    ...(status === 'frozen' && { reason: 'expired' }),
    terms: { edition: 2, seats: 5, paidUntil: NOON + days * DAY, trial },
  })
}

test('every sequence of up to five calls of License 1.0, repeats included, ends as the rules say', {
  timeout: 120_000,
}, async () => {
  memory.world = NOTHING_YET
  const { reply, batch } = await work(purchase())
  if (reply.type !== 'sold') throw new Error(reply.type)
  await memory.authority.store.commit(batch)
  const count = await walkAll<Letter, Rules>({
    ...{ letters: LETTERS, length: 5, memory, ruled, check },
    rules: { status: 'active', days: 30, trial: true },
    async step(letter, place) {
      const isGone = memory.world.license?.status === 'released' && ['renew', 'longer'].includes(letter)
      desk.clock.time = NOON + place + 1
      const { reply: answered, batch: next, remembered } = await work(callOf(letter, reply.instance))
      expect(answered.type).toBe(isGone ? 'refused' : 'done')
      if (letter === 'get') expect(remembered).toBe(FIRST_ANSWER)
      await memory.authority.store.commit(next)
    },
  })
  expect(count).toBe(1 + 5 + 5 ** 2 + 5 ** 3 + 5 ** 4 + 5 ** 5)
})
