import { afterAll, beforeAll, expect, test } from 'vitest'
import { activate } from '../../src/authority/activate.ts'
import type { Authority } from '../../src/authority/authority.ts'
import type { Snapshot } from '../../src/authority/configuration.ts'
import { demand } from '../../src/authority/demand.ts'
import type { Channel, Demand } from '../../src/authority/marketplace.ts'
import type { CodeNote, MarketplaceCode } from '../../src/authority/marketplace-codes.ts'
import { NOON } from '../support/instance.ts'
import { type CodeMarket, openCodeMarket } from './activation-kit.ts'
import { DAY } from './desk.ts'
import { inMemory, NOTHING_YET, type World } from './memory-ledger.ts'

const day = (n: number): number => NOON + n * DAY

const LETTERS = ['activate', 'renew', 'cancel', 'freeze', 'unfreeze', 'release'] as const
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
  market.sells(CODE, { activateTime: '20261121000000' })
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
    expect((await activate(authority, snapshot, market.transport, request)).type).toBe('answer')
    return
  }
  const wanted = { type: 'demand', test: false, instance: CODE, unknown: 'meet', order: null } as const
  const { batch } = await demand(authority, snapshot, channel, { ...wanted, command: commandOf(letter) })
  await authority.store.commit(batch)
}

/** The rules, written down a second time and without a license: what a sequence ends in once the code is activated. */
function expected(path: readonly Letter[]): object {
  const end = path.indexOf('release')
  // Released before it was activated, its terms were never known.
  if (end >= 0)
    return { status: 'released', terms: path.slice(0, end).includes('activate') ? expect.anything() : null }
  let paidUntil = day(30)
  const applied = new Set<Letter>()
  let frozen = false
  for (const letter of path) {
    if (letter === 'freeze') frozen = true
    if (letter === 'unfreeze') frozen = false
    if (applied.has(letter)) continue
    if (letter === 'renew') paidUntil = Math.max(paidUntil, day(60))
    if (letter === 'cancel') paidUntil = Math.min(paidUntil, day(40))
    applied.add(letter)
  }
  const terms = expect.objectContaining({ edition: 2, seats: 5, paidUntil })
  return { status: frozen ? 'frozen' : 'active', terms }
}

async function walk(path: readonly Letter[], length: number, seen: { count: number }): Promise<void> {
  const here = memory.world
  await step('activate')
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

test('every sequence of up to five calls about a code, repeats and its activation included, ends as the rules say', {
  timeout: 120_000,
}, async () => {
  memory.world = { ...NOTHING_YET }
  const seen = { count: 0 }
  await walk([], 5, seen)
  expect(seen.count).toBe(1 + 6 + 6 ** 2 + 6 ** 3 + 6 ** 4 + 6 ** 5)
})
