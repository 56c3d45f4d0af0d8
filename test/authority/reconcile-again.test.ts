import { afterEach, beforeEach, expect, test } from 'vitest'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { type CodeMarket, openCodeMarket, saying } from './activation-kit.ts'
import { DAY } from './desk.ts'

let market: CodeMarket
beforeEach(async () => {
  market = await openCodeMarket()
})
afterEach(() => market.close())

const HOUR = 3_600

async function activated(code: string) {
  market.sells(code)
  const answer = await market.activates(code)
  market.called.splice(0)
  return { id: answer.license!.id, text: answer.text! }
}

const now = (code: string, facts: object) => market.codes.set(code, { ...market.codes.get(code)!, ...facts })

const watched = (id: string) => market.authority.store.marketplaceCode(id)
const alerts = async () =>
  (await market.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 99)).map(({ alert }) => alert)

test('a code is asked about again on its next day when its question was given up', async () => {
  const { id, text } = await activated('PL1')
  market.next(saying({ error_code: '92020002' }))
  await market.reconciles()
  const calls = async () => (await market.authority.store.outgoingCalls(null, null, 99)).items
  expect(await calls()).toMatchObject([{ state: 'dead', error: '92020002' }])
  const told = (await alerts()).filter(({ kind }) => kind === 'outgoing_dead')
  expect(told).toHaveLength(1)
  await market.reconciles(HOUR)
  expect(await calls()).toMatchObject([{ state: 'dead' }])
  now('PL1', { status: 'RELEASED' })
  await market.reconciles()
  expect(market.called).toEqual(['heartbeat', 'heartbeat'])
  expect(await calls()).toEqual([])
  expect(await watched(id)).toMatchObject({ said: 'released', confirmedAt: market.clock.time })
  expect(await market.ask(text)).toMatchObject({ valid: false, reason: 'released' })
})

test('a code is asked about on another day while a hundred questions of its channel wait', async () => {
  const { store } = market.authority
  const { id } = await activated('PL1')
  const waiting = (n: number, channel: string) =>
    newOutgoing(market.authority, channel, `L${n}`, { type: 'query_code', code: `PLX${n}` })
  for (let n = 0; n < 99; n++) await store.commit({ outgoing: [waiting(n, 'huawei')] })
  for (let n = 0; n < 200; n++) await store.commit({ outgoing: [waiting(n, 'other')] })
  await activated('PL2')
  market.clock.time += 2 * HOUR
  expect(await sweep(market.authority)).toMatchObject({ codesAsked: 1 })
  expect(await store.waitingCalls('huawei', 'query_code')).toBe(100)
  const due = (await store.marketplaceCodes('huawei', null, 9)).items.map((code) => code.due!)
  expect(Math.min(...due)).toBeGreaterThanOrEqual(market.clock.time + DAY)
  await market.reconciles()
  expect(await watched(id)).not.toMatchObject({ confirmedAt: null })
})
