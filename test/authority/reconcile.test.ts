import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { operate } from '../../src/authority/operate.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { NOON } from '../support/instance.ts'
import {
  type CodeMarket,
  failing,
  type Instead,
  inDaysText,
  openCodeMarket,
  saying,
} from './activation-kit.ts'
import { DAY } from './desk.ts'

let market: CodeMarket
beforeEach(async () => {
  market = await openCodeMarket()
})
afterEach(() => market.close())

const HOUR = 3_600

/** Sold and activated; the calls so far are forgotten. */
async function activated(code: string, facts: Parameters<CodeMarket['sells']>[1] = {}) {
  market.sells(code, facts)
  const answer = await market.activates(code)
  market.called.splice(0)
  return { id: answer.license!.id, text: answer.text! }
}

const now = (code: string, facts: object) => market.codes.set(code, { ...market.codes.get(code)!, ...facts })

const watched = (id: string) => market.authority.store.marketplaceCode(id)
const alerts = async () =>
  (await market.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 99)).map(({ alert }) => alert)

describe('a code is asked about', () => {
  test('an hour after its activation, and then once a day at most', async () => {
    const { id } = await activated('PL1')
    await market.reconciles(HOUR / 2)
    expect(market.called).toEqual([])
    const asked: number[] = []
    const begin = market.clock.time
    for (let hours = 0; hours < 4 * 24; hours += 0.5) {
      await market.reconciles(HOUR / 2)
      if (market.called.splice(0).length > 0) asked.push(market.clock.time)
    }
    expect(asked[0]! - begin).toBeLessThanOrEqual(HOUR)
    expect(asked).toHaveLength(4)
    for (const [n, at] of asked.slice(1).entries()) {
      expect(at - asked[n]!).toBeGreaterThanOrEqual(24 * HOUR)
      expect(at - asked[n]!).toBeLessThanOrEqual(26.5 * HOUR)
    }
    expect(await watched(id)).toMatchObject({ said: 'alive', confirmedAt: asked.at(-1) })
    expect((await market.authority.store.outgoingCalls(null, null, 99)).items).toEqual([])
  })

  test('by one of two processes', async () => {
    await activated('PL1')
    const other = await market.reopen()
    market.clock.time += 2 * HOUR
    await Promise.all([sweep(market.authority), sweep(other.authority)])
    await Promise.all([market, other].map(({ authority }) => deliverCalls(authority, market.transport)))
    await other.close()
    expect(market.called).toEqual(['heartbeat'])
  })

  test('with so many others that purchases are not held up', async () => {
    for (let n = 0; n < 45; n++) await activated(`PL${n}`)
    market.clock.time += 2 * HOUR
    const asked: number[] = []
    for (let n = 0; n < 4; n++) asked.push((await sweep(market.authority)).codesAsked)
    expect(asked).toEqual([20, 20, 5, 0])
    expect((await market.authority.store.outgoingCalls('waiting', null, 99)).items).toHaveLength(45)
  })

  test('never when it is released, without terms, or of a channel without credentials', async () => {
    const { id } = await activated('PL1')
    await market.releases('PL1')
    await market.renews('PL-MET', 60)
    await market.reconciles()
    await market.reconciles()
    expect(market.called).toEqual([])
    expect(await watched(id)).toMatchObject({ due: null })
  })

  test('once more only when its question was answered', async () => {
    await activated('PL1')
    for (let day = 0; day < 3; day++) {
      market.next(failing('timeout'))
      await market.reconciles()
    }
    expect((await market.authority.store.outgoingCalls('waiting', null, 99)).items).toHaveLength(1)
  })
})

describe('the answer repairs what calls missed:', () => {
  test('a release', async () => {
    const { id, text } = await activated('PL1')
    now('PL1', { status: 'RELEASED' })
    await market.reconciles()
    expect(await market.ask(text)).toMatchObject({ valid: false, reason: 'released' })
    expect((await market.authority.store.history(id)).at(-1)).toMatchObject({
      event: { type: 'released' },
      by: { who: 'marketplace:huawei', reason: 'reconciliation: the code is released' },
    })
    expect(await watched(id)).toMatchObject({
      said: 'released',
      repaired: 'released',
      repairedAt: market.clock.time,
    })
    expect(await alerts()).toMatchObject([
      {
        kind: 'callback_missed',
        detail: { license: id, channel: 'huawei', said: 'released', repaired: 'released' },
      },
    ])
    expect((await market.releases('PL1')).code).toBe('000000')
  })

  test('a freeze, and its end', async () => {
    const { text } = await activated('PL1')
    now('PL1', { status: 'EXPIRED' })
    await market.reconciles()
    expect(await market.ask(text)).toMatchObject({ reason: 'frozen' })
    now('PL1', { status: 'ALIVE' })
    await market.reconciles()
    expect(await market.ask(text)).toMatchObject({ valid: true, standing: 'active' })
  })

  test('a renewal, with a new code', async () => {
    const { id, text } = await activated('PL1')
    now('PL1', { expireTime: inDaysText(60) })
    await market.reconciles()
    const answer = await market.ask(text)
    expect(answer).toMatchObject({ valid: true, license: { paidUntil: '2027-01-20T12:00:00Z' } })
    expect(market.verdictOf(answer.currentCode!)).toMatchObject({ valid: true })
    expect(await watched(id)).toMatchObject({ repaired: 'renewed' })
    expect((await market.renews('PL1', 60)).code).toBe('000000')
    expect((await market.ask(text)).license).toMatchObject({ revision: answer.license!.revision })
  })

  test('a cancelled renewal', async () => {
    const { text } = await activated('PL1')
    await market.renews('PL1', 60)
    await market.reconciles()
    now('PL1', { expireTime: inDaysText(30) })
    await market.reconciles()
    expect((await market.ask(text)).license).toMatchObject({ paidUntil: '2026-12-21T12:00:00Z' })
  })
})

describe('the answer changes nothing', () => {
  const DOUBTS: readonly [string, Instead][] = [
    ['rubbish', saying('<html>')],
    ['an unknown status', saying({ error_code: '92020000', data: { status: 'SUSPENDED' } })],
    ['no status', saying({ error_code: '92020000', data: {} })],
    ['no data', saying({ error_code: '92020000' })],
    [
      'an impossible end',
      saying({ error_code: '92020000', data: { status: 'ALIVE', expire_time: '20260230000000' } }),
    ],
    ['that there is no such code', saying({ error_code: '92020005' })],
    ['that nobody activated it', saying({ error_code: '92020011' })],
    [
      'that it lives past its end',
      saying({ error_code: '92020000', data: { status: 'ALIVE', expire_time: '20250101000000' } }),
    ],
    ['that it lives, and no more', saying({ error_code: '92020000', data: { status: 'ALIVE' } })],
    ['a code that nobody knows', saying({ error_code: '92029999' })],
    ['an inner error', saying({ error_code: '92020001' })],
    ['refused credentials', saying({ error_code: 'APIGW.0301' }, 401)],
    ['HTTP 500', saying({}, 500)],
    ['a redirect', failing('redirect')],
    ['100 MB', failing('answer_too_large')],
    ['nothing', failing('timeout')],
  ]

  test.each(DOUBTS)('when it is %s', async (_, instead) => {
    const { id, text } = await activated('PL1')
    const before = await market.authority.store.byId(id)
    market.next(instead)
    await market.reconciles()
    expect(market.called).toEqual(['heartbeat'])
    expect(await market.authority.store.byId(id)).toEqual(before)
    expect(await market.ask(text)).toMatchObject({ valid: true })
    expect((await alerts()).filter(({ kind }) => kind === 'callback_missed')).toEqual([])
  })

  test('to a license that a call changed a moment before', async () => {
    const { text } = await activated('PL1')
    market.clock.time += 2 * HOUR
    await market.renews('PL1', 60)
    await market.reconciles(60)
    expect(market.called).toEqual(['heartbeat'])
    expect((await market.ask(text)).license).toMatchObject({ paidUntil: '2027-01-20T12:00:00Z' })
  })

  test('to a license that support froze', async () => {
    const { id } = await activated('PL1')
    const frozen = { type: 'freeze', cause: 'operator' } as const
    await operate(market.authority, { id }, frozen, { who: 'operator', reason: 'unpaid' })
    now('PL1', { expireTime: inDaysText(60) })
    await market.reconciles()
    expect(await market.authority.store.byId(id)).toMatchObject({ status: 'frozen', reason: 'operator' })
  })

  test.each([
    ['ALIVE', inDaysText(30)],
    ['EXPIRED', inDaysText(1)],
  ])('to a license that support extended, when its code is %s', async (status, expireTime) => {
    const { id } = await activated('PL1')
    const goodwill = { type: 'renew', order: null, paidUntil: NOON + 60 * DAY } as const
    const done = await operate(market.authority, { id }, goodwill, { who: 'operator', reason: 'goodwill' })
    expect(done.ok).toBe(true)
    now('PL1', { status, expireTime })
    await market.reconciles(40 * HOUR)
    expect(market.called).toEqual(['heartbeat'])
    expect(await market.authority.store.byId(id)).toMatchObject({
      ...{ status: 'active', terms: { paidUntil: NOON + 60 * DAY } },
    })
    expect((await market.renews('PL1', 90)).code).toBe('000000')
    now('PL1', { status: 'ALIVE', expireTime: inDaysText(70) })
    await market.reconciles()
    expect(await market.authority.store.byId(id)).toMatchObject({ terms: { paidUntil: NOON + 70 * DAY } })
  })

  test('more when it comes twice', async () => {
    const { id } = await activated('PL1')
    now('PL1', { status: 'EXPIRED' })
    await market.reconciles()
    const once = await market.authority.store.byId(id)
    await market.reconciles()
    await market.reconciles()
    expect(await market.authority.store.byId(id)).toEqual(once)
  })
})
