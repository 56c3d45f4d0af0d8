import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { momentOf, raiseAll } from '../../../src/authority/move/raise.ts'
import { operate } from '../../../src/authority/operate.ts'
import type { Command } from '../../../src/domain/commands.ts'
import { NOON } from '../../support/instance.ts'
import { claimsOf, type Desk, inDays, openDesk, PURCHASE, type Reply } from '../desk.ts'

const BY = { who: 'operator:ann', reason: null }

let desk: Desk
let sold: Reply
let orderId: string
beforeEach(async () => {
  desk = await openDesk()
  desk.clock.time = NOON
  orderId = desk.newOrder()
  sold = await desk.buy({ orderId })
})
afterEach(() => desk.close())

const operator = (command: Command, id = sold.instance) => operate(desk.authority, { id }, command, BY)

/** A restore a minute after everything before it. */
async function restored() {
  desk.clock.time += 60
  return raiseAll(desk.authority.store, desk.clock.time, BY, () => undefined)
}

describe('after a restore', () => {
  test('the revision is higher, the history says who did it, and no code was signed', async () => {
    expect(await restored()).toEqual({ raised: 1, exhausted: [] })
    const license = await desk.authority.store.byId(sold.instance)
    expect(license).toMatchObject({ revision: 1_001, status: 'active' })
    expect((await desk.authority.store.newestCode(sold.instance))?.revision).toBe(1)
    const { at, ...entry } = { ...(await desk.authority.store.history(sold.instance)).at(-1)!, at: 0 }
    expect(entry).toEqual({
      revision: 1_001,
      event: { type: 'restored', raised: 1_000, at: NOON + 60 },
      by: BY,
    })
  })

  test('the code that the customer holds is good, and there is no newer one', async () => {
    await restored()
    const answer = await desk.ask(sold.license)
    expect(answer).toMatchObject({ valid: true, standing: 'active', license: { revision: 1_001 } })
    expect(answer.currentCode).toBeUndefined()
    expect(claimsOf(answer)).toMatchObject({ rev: 1_001, status: 'active' })
    expect((await desk.verdictOf(sold.license)).standing).toBe('active')
  })

  test('a purchase that is sent again gets its first answer, byte for byte', async () => {
    const again = () => desk.send(desk.caller.getLicense({ ...PURCHASE, orderId }, desk.moment()))
    const before = await again()
    await restored()
    expect((await again()).body).toBe(before.body)
  })

  test('a renewal gives a code above everything, which the older one is exchanged for', async () => {
    await restored()
    const renewal = { orderId: desk.newOrder(), instanceId: sold.instance, expireTime: inDays(90) }
    expect(await desk.send(desk.caller.refreshLicense(renewal, desk.moment()))).toMatchObject({
      code: '000000',
    })
    const newest = await desk.newest(sold.license)
    expect(await desk.ask(newest!)).toMatchObject({ valid: true, license: { revision: 1_002 } })
  })

  test('who was shut out by a leak stays so', async () => {
    await operator({ type: 'reissue', leaked: true })
    await restored()
    expect(await desk.ask(sold.license)).toMatchObject({ valid: false, reason: 'superseded' })
  })

  test('a released license is as it was', async () => {
    await operator({ type: 'release' })
    expect(await restored()).toEqual({ raised: 0, exhausted: [] })
    expect(await desk.authority.store.byId(sold.instance)).toMatchObject({ revision: 2 })
  })

  test('the list names a frozen license with its new revision', async () => {
    await operator({ type: 'freeze', cause: 'operator' })
    const { changes } = await desk.authority.store.listState(1001)
    await restored()
    expect(await desk.authority.store.listed(1001, NOON, 9)).toMatchObject([
      { minRevision: 1_002, why: 'frozen' },
    ])
    expect((await desk.authority.store.listState(1001)).changes).toBeGreaterThan(changes)
  })

  test('the same restore once more raises nothing, another one does', async () => {
    await restored()
    const { time } = desk.clock
    expect(await raiseAll(desk.authority.store, time, BY, () => undefined)).toMatchObject({ raised: 0 })
    expect(await restored()).toMatchObject({ raised: 1 })
  })
})

describe('while a restore is under way', () => {
  test('whoever serves the database finds no configuration, and can only ask the marketplace to come again', async () => {
    const { configuration, store } = desk.authority
    await store.moving().beginRestore(NOON)
    desk.clock.time += 2
    await expect(configuration.current(desk.clock.time)).rejects.toThrow(
      'the restore of this database has not ended',
    )
    expect(configuration.last()).not.toBeNull()
    await store.moving().endRestore()
    expect(await desk.buy({ orderId: desk.newOrder() })).toMatchObject({ code: '000000' })
  })
})

describe('the moment of a restore', () => {
  test.each([
    ['now, where nothing was sold', NOON, null, NOON],
    ['now, where all was sold before', NOON, NOON - 1, NOON],
    ['behind the newest event, where that is of this second', NOON, NOON, NOON + 1],
    ['behind the newest event, where the clock is slow', NOON, NOON + 500, NOON + 501],
  ])('is %s', (_, now, newest, moment) => {
    expect(momentOf(now, newest)).toBe(moment)
  })
})
