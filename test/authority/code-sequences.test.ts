import { afterAll, beforeAll, expect, test } from 'vitest'
import { activate } from '../../src/authority/activate.ts'
import type { Authority } from '../../src/authority/authority.ts'
import type { Snapshot } from '../../src/authority/configuration.ts'
import { demand } from '../../src/authority/demand.ts'
import type { Channel, Demand } from '../../src/authority/marketplace.ts'
import type { CodeNote, MarketplaceCode } from '../../src/authority/marketplace-codes.ts'
import { NOON } from '../support/instance.ts'
import { type CodeMarket, openCodeMarket, orderOfCode, PATIENT } from './activation-kit.ts'
import { DAY } from './desk.ts'
import { inMemory, NOTHING_YET, type World } from './memory-ledger.ts'
import { walkAll } from './sequences.ts'

const day = (n: number): number => NOON + n * DAY

const LETTERS = ['activate', 'renew', 'formal', 'cancel', 'freeze', 'unfreeze', 'release'] as const
type Letter = (typeof LETTERS)[number]

const CODE = 'PL-WALKED'

let market: CodeMarket
let memory: { authority: Authority; world: World }
let authority: Authority
let snapshot: Snapshot
let channel: Channel
/** What each world knows of the code, so that going back goes back with it. */
const codes = new WeakMap<World, MarketplaceCode>()

beforeAll(async () => {
  market = await openCodeMarket()
  market.sells(CODE, { activateTime: '20261121000000' }, orderOfCode('CS-PL', 'TRIAL'))
  memory = inMemory(market.authority)
  authority = { ...memory.authority, store: watching(memory.authority.store) }
  snapshot = await authority.configuration.current(NOON)
  channel = snapshot.channels.get('huawei')!
})
afterAll(() => market.close())

function watching(store: Authority['store']): Authority['store'] {
  return {
    ...store,
    newestCode: async () => null,
    marketplaceCode: async () => codes.get(memory.world) ?? null,
    async commit(batch) {
      const known = codes.get(memory.world)
      const committed = await store.commit(batch)
      const noted = (batch.codes ?? []).reduce(merged, known)
      if (noted !== undefined) codes.set(memory.world, noted)
      return committed
    },
  }
}

function merged(known: MarketplaceCode | undefined, note: CodeNote): MarketplaceCode {
  const { license, due, activatedAt = null, told } = note
  return {
    ...{ license, channel: 'huawei', code: CODE, status: 'active', due, repaired: null, repairedAt: null },
    activatedAt: known?.activatedAt ?? activatedAt,
    confirmedAt: told?.at ?? known?.confirmedAt ?? null,
    said: told?.said ?? known?.said ?? null,
  }
}

const commandOf = (letter: Exclude<Letter, 'activate'>): Demand['command'] => {
  switch (letter) {
    case 'renew':
      return { type: 'renew', order: 'renewal', paidUntil: day(60) }
    case 'formal':
      return { type: 'renew', order: 'formal', paidUntil: day(45), formal: true }
    case 'cancel':
      return { type: 'shorten', order: 'cancellation', paidUntil: day(40) }
    case 'freeze':
      return { type: 'freeze', cause: 'status_call' }
    case 'unfreeze':
      return { type: 'reinstate' }
    case 'release':
      return { type: 'release' }
  }
}

async function step(letter: Letter): Promise<void> {
  if (letter === 'activate') {
    const request = { code: CODE, channel: 'huawei', fingerprint: null }
    expect((await activate(authority, snapshot, market.transport, request, PATIENT)).type).toBe('answer')
    return
  }
  const wanted = { type: 'demand', test: false, instance: CODE, unknown: 'meet', order: null } as const
  const { batch } = await demand(authority, snapshot, channel, { ...wanted, command: commandOf(letter) })
  await authority.store.commit(batch)
}

interface Rules {
  readonly isReleased: boolean
  readonly isFrozen: boolean
  readonly isActivated: boolean
  readonly paidUntil: number
  readonly applied: ReadonlySet<Letter>
}

const SOLD: Rules = {
  ...{ isReleased: false, isFrozen: false, isActivated: false },
  paidUntil: day(30),
  applied: new Set(),
}

/** What a sequence leads to once the code is activated; only a release cares when that was. */
function ruled(before: Rules, letter: Letter): Rules {
  const { isReleased, applied, paidUntil } = before
  if (isReleased || applied.has(letter)) return before
  const once = { ...before, applied: new Set([...applied, letter]) }
  switch (letter) {
    case 'activate':
      return { ...before, isActivated: true }
    case 'freeze':
    case 'unfreeze':
      return { ...before, isFrozen: letter === 'freeze' }
    case 'release':
      return { ...before, isReleased: true }
    case 'renew':
      return { ...once, paidUntil: Math.max(paidUntil, day(60)) }
    case 'formal':
      return { ...once, paidUntil: Math.max(paidUntil, day(45)) }
    case 'cancel':
      return { ...once, paidUntil: Math.min(paidUntil, day(40)) }
  }
}

function expected({ isReleased, isFrozen, isActivated, paidUntil, applied }: Rules): object {
  // Released before it was activated, its terms were never known.
  if (isReleased) return { status: 'released', terms: isActivated ? expect.anything() : null }
  const terms = expect.objectContaining({ edition: 2, seats: 5, paidUntil, trial: !applied.has('formal') })
  return { status: isFrozen ? 'frozen' : 'active', terms }
}

test('every sequence of up to five calls about a code, repeats and its activation included, ends as the rules say', {
  timeout: 120_000,
}, async () => {
  memory.world = { ...NOTHING_YET }
  const count = await walkAll({
    ...{ letters: LETTERS, length: 5, memory, rules: SOLD, ruled, step },
    also: () => codes.get(memory.world) ?? null,
    async check(rules, path) {
      await step('activate')
      expect(memory.world.license, path.join(', ')).toMatchObject(expected(rules))
    },
  })
  expect(count).toBe(1 + 7 + 7 ** 2 + 7 ** 3 + 7 ** 4 + 7 ** 5)
})
