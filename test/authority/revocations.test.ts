import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { operate } from '../../src/authority/operate.ts'
import { createRevocationLists, type RevocationLists } from '../../src/authority/revocations.ts'
import type { Product } from '../../src/domain/catalog.ts'
import { CATALOG } from '../support/instance.ts'
import { verifyMet } from '../verify/everything.ts'
import { DAY, type Desk, inDays, openDesk, withStore } from './desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const PRODUCT = CATALOG.products[0] as Product
const BY = { who: 'operator', reason: null }

async function listOf(lists: RevocationLists) {
  const current = await lists.current(PRODUCT)
  if (!current.ok) throw new Error(current.no.reason)
  const claims = JSON.parse(Buffer.from(current.value.text.split('.')[1]!, 'base64url').toString())
  return { ...current.value, entries: claims.entries as unknown[] }
}

const freeze = (id: string, authority: Authority = desk.authority) =>
  operate(authority, { id }, { type: 'freeze', cause: 'operator' }, BY)

describe('the revocation list among several processes', () => {
  test('is one when all of them make the next at once', async () => {
    const { instance } = await desk.buy()
    const others = await Promise.all([1, 2, 3].map(() => desk.reopen()))
    const all = [desk, ...others].map(({ authority }) => createRevocationLists(authority))
    const before = await listOf(all[0]!)
    await freeze(instance)
    desk.clock.time += 1
    const after = await Promise.all(all.map(listOf))
    expect(new Set(after.map(({ text }) => text)).size).toBe(1)
    expect(after[0]!.number).toBeGreaterThan(before.number)
    expect(after[0]!.entries).toEqual([[instance, 2, 'frozen']])
    await Promise.all(others.map((other) => other.close()))
  })

  test('never takes back what another process told in between', async () => {
    const [first, second] = [(await desk.buy()).instance, (await desk.buy({ orderId: 'CS-2' })).instance]
    const other = await desk.reopen()
    await freeze(first)
    const racing = withStore(desk.authority, {
      // Between our reading and our giving out another process tells of one more.
      async publishList(...list) {
        if ((await desk.authority.store.byId(second))?.status === 'active') {
          await freeze(second, other.authority)
          await listOf(createRevocationLists(other.authority))
        }
        return desk.authority.store.publishList(...list)
      },
    })
    const { entries, number } = await listOf(createRevocationLists(racing))
    expect(entries).toHaveLength(2)
    expect((await desk.authority.store.listState(PRODUCT.id)).published?.number).toBe(number)
    await other.close()
  })

  test('names the licenses in the order of their ids, whenever they end', async () => {
    const ids: string[] = []
    for (let days = 1; days <= 8; days++) {
      const { instance } = await desk.buy({ orderId: `CS-${days}`, expireTime: inDays(days) })
      await freeze(instance)
      ids.push(instance)
    }
    const { entries } = await listOf(createRevocationLists(desk.authority))
    expect(entries).toEqual(ids.sort().map((id) => [id, 2, 'frozen']))
  })

  test('keeps its number through a restart, when it says the same', async () => {
    const { instance } = await desk.buy()
    await freeze(instance)
    const before = await listOf(createRevocationLists(desk.authority))
    desk.clock.time += 3_600
    const again = await desk.reopen()
    expect(await listOf(createRevocationLists(again.authority))).toEqual(before)
    await again.close()
  })
})

describe('what callbacks do to a license', () => {
  test('an end that has come is on the list as superseded, and as frozen once the scheduler froze it', async () => {
    const { license: text, instance } = await desk.buy()
    const lists = createRevocationLists(desk.authority)
    const { caller, send, moment } = desk
    const shorten = {
      scene: 'UNSUBSCRIBE_RENEWAL_PERIOD',
      orderId: 'S1',
      orderLineId: 'S1-1',
      license: instance,
    }
    const ended = await send(caller.refreshLicenseCode({ ...shorten, expireTime: inDays(-1) }, moment()))
    expect(ended.code).toBe('000000')
    desk.clock.time += 1
    expect((await listOf(lists)).entries).toEqual([[instance, 2, 'superseded']])
    await freeze(instance)
    desk.clock.time += 1
    expect((await listOf(lists)).entries).toEqual([[instance, 3, 'frozen']])
    expect(desk.verdictOf(text).valid).toBe(true)
  })

  test('a license frozen for what it owes is off the list with the renewal that pays', async () => {
    const { license: text, instance } = await desk.buy()
    const lists = createRevocationLists(desk.authority)
    await desk.send(desk.caller.expireLicense({ orderId: 'CS-1001', instanceId: instance }, desk.moment()))
    desk.clock.time += 1
    expect((await listOf(lists)).entries).toEqual([[instance, 2, 'frozen']])
    const renewal = { orderId: 'R1', instanceId: instance, expireTime: inDays(90) }
    await desk.send(desk.caller.refreshLicense(renewal, desk.moment()))
    desk.clock.time += 1
    const { text: list, entries } = await listOf(lists)
    expect(entries).toEqual([])
    const { keyring } = await desk.authority.configuration.current(desk.clock.now())
    const options = { now: desk.clock.now(), list, certificates: keyring.certificates }
    expect(verifyMet(text, keyring.manifests, options)).toMatchObject({ valid: true, decidedBy: 'code' })
  })

  test('what merely ran out is never on it', async () => {
    const { instance } = await desk.buy()
    const lists = createRevocationLists(desk.authority)
    desk.clock.time += 33 * DAY
    const done = await operate(desk.authority, { id: instance }, { type: 'freeze', cause: 'past_grace' }, BY)
    expect(done).toMatchObject({ ok: true, value: { changed: true } })
    expect((await listOf(lists)).entries).toEqual([])
  })
})
