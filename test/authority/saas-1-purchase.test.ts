import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import { customerOf } from '../../src/authority/customer.ts'
import { setPages } from '../../src/authority/pages.ts'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { utf8 } from '../../src/format/bytes.ts'
import { decryptSensitive, encryptSensitive } from '../../src/marketplace/huawei/sensitive.ts'
import { ACCESS_KEY, CATALOG } from '../support/instance.ts'
import { inDays } from './desk.ts'
import { appInfoOf, openSaas1Desk, type Saas1Desk, soldByHand } from './saas-1-kit.ts'

let desk: Saas1Desk
let orderId: string
beforeAll(async () => {
  desk = await openSaas1Desk()
})
beforeEach(() => {
  orderId = desk.newOrder()
  desk.clock.time += 1
})
afterAll(() => desk.close())

const later = () => {
  desk.clock.time += 1
  return desk.moment()
}

test('a purchase is a license whose text is the memo, signed for the key that called', async () => {
  const sold = await desk.opens({ orderId })
  expect(sold).toMatchObject({ code: '000000', signedBy: ACCESS_KEY, license: '' })
  const { memo, userName, frontEndUrl } = appInfoOf(sold)
  expect(desk.verdictOf(memo!)).toMatchObject({
    valid: true,
    license: { id: sold.instance, edition: 2, seats: 5, trial: false },
  })
  expect(decryptSensitive(legacyCrypto, '1', utf8(ACCESS_KEY), userName!)).toBe(sold.instance)
  expect(frontEndUrl).toBe('https://licenses.example.com')
})

test('it gets its first answer for ever, whenever the buyer opens it and whatever became of it', async () => {
  const first = await desk.opens({ orderId })
  const named = { instanceId: first.instance }
  for (let n = 0; n < 50; n++) {
    if (n === 10) await desk.send(desk.elder.instanceStatus({ ...named, instanceStatus: 'FREEZE' }, later()))
    if (n === 20) await setPages(desk.authority, 'huawei', { frontEnd: 'https://cad.example.com/new' })
    if (n === 30) await desk.send(desk.elder.releaseInstance({ ...named, orderId }, later()))
    if (n === 40) await applyCatalog(desk.authority, { ...CATALOG, offers: [] })
    desk.clock.time += 1
    const again = await desk.opens({ orderId, ...(n % 2 && { amount: n, expireTime: inDays(n) }) })
    expect(again).toMatchObject({ body: first.body, signedBy: ACCESS_KEY })
  }
  await applyCatalog(desk.authority, CATALOG)
})

test('it is answered so after a restart, too', async () => {
  const first = await desk.opens({ orderId })
  const again = await desk.reopen()
  desk.clock.time += 1
  const call = desk.elder.newInstance(
    { customerId: 'c', customerName: 'n', orderId, productId: 'P' },
    desk.moment(),
  )
  expect((await desk.send(call, again.authority)).body).toBe(first.body)
  await again.close()
})

test('fifty at once are one license and one answer', async () => {
  const fields = {
    customerId: 'c',
    customerName: 'n',
    orderId,
    productId: 'OFFI-BASE',
    expireTime: inDays(9),
  }
  const before = (await desk.authority.store.page(null, 999)).items.length
  const calls = Array.from({ length: 50 }, (_, n) =>
    desk.send(desk.elder.newInstance(fields, { ...desk.moment(), nowMs: desk.clock.nowMs() + n })),
  )
  const replies = await Promise.all(calls)
  expect(new Set(replies.map(({ body }) => body)).size).toBe(1)
  expect(replies[0]).toMatchObject({ code: '000000' })
  expect((await desk.authority.store.page(null, 999)).items).toHaveLength(before + 1)
})

test('the same request again is the same answer, a test call’s too', async () => {
  for (const testFlag of [undefined, 1]) {
    const call = desk.elder.newInstance(
      {
        customerId: 'c',
        customerName: 'n',
        orderId,
        productId: 'OFFI-BASE',
        expireTime: inDays(9),
        testFlag,
      },
      later(),
    )
    const first = await desk.send(call)
    for (let n = 0; n < 5; n++) expect((await desk.send(call)).body).toBe(first.body)
  }
})

test('it is shown with the pages of the channel', async () => {
  const pages = { frontEnd: 'https://cad.example.com/', admin: 'https://cad.example.com/a' }
  await setPages(desk.authority, 'huawei', pages)
  expect(appInfoOf(await desk.opens({ orderId }))).toMatchObject({
    frontEndUrl: pages.frontEnd,
    adminUrl: pages.admin,
  })
})

test('no form of an answer is kept that no second answer would have', async () => {
  const forms = () => {
    const db = new Sqlite(desk.config.database, { readonly: true })
    const count = db.prepare('SELECT count(*) FROM answer_forms').pluck().get()
    db.close()
    return count
  }
  const before = forms()
  for (let n = 0; n < 5; n++) await desk.opens({ orderId: desk.newOrder() })
  expect(forms()).toBe(before)
})

test('what no offer sells waits, and support is told; sold later it has one answer', async () => {
  const opens = () => {
    desk.clock.time += 1
    return desk.opens({ orderId, productId: 'OFFI-LATER' })
  }
  expect(await opens()).toMatchObject({ code: '000005', instance: '' })
  expect(await desk.authority.store.parked(9)).toMatchObject([{ order: orderId, why: 'no_matching_offer' }])
  const offer = { ...CATALOG.offers[1]!, marketplaceProduct: 'OFFI-LATER' }
  await applyCatalog(desk.authority, { ...CATALOG, offers: [...CATALOG.offers, offer] })
  const sold = await opens()
  expect(sold.code).toBe('000000')
  expect(await desk.authority.store.parkedCount()).toBe(0)
  expect((await opens()).body).toBe(sold.body)
})

test('what was sold by hand is shown as the license it is', async () => {
  const instance = `by-hand-${orderId}`
  const sold = await soldByHand(desk, { order: orderId, instance: { channel: 'huawei', instance } })
  expect(sold).toMatchObject({ ok: true })
  const shown = await desk.opens({ orderId })
  expect(shown.instance).toBe(instance)
  expect(desk.verdictOf(appInfoOf(shown).memo!)).toMatchObject({ license: { edition: 1 } })
  desk.clock.time += 1
  expect((await desk.opens({ orderId })).body).toBe(shown.body)
})

test('for a test it is a fresh instance with a code that ends within the hour; nothing is sold', async () => {
  const before = await desk.authority.store.page(null, 99)
  const tests = [await desk.opens({ orderId, testFlag: 1 })]
  desk.clock.time += 1
  tests.push(await desk.opens({ orderId: 'MOCKPERIODYEARNEW' }))
  expect(new Set(tests.map(({ instance }) => instance)).size).toBe(2)
  for (const one of tests) {
    expect(one.code).toBe('000000')
    const { memo, frontEndUrl } = appInfoOf(one)
    expect(frontEndUrl).toMatch(/^https:/)
    expect(desk.verdictOf(memo!)).toMatchObject({ valid: true, license: { id: one.instance, trial: true } })
  }
  expect(await desk.authority.store.page(null, 99)).toEqual(before)
})

test('phone and e-mail are opened, sealed beside the license, and stand in no log', async () => {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const closed = (text: string) => encryptSensitive(legacyCrypto, '1', utf8(ACCESS_KEY), text, random)
  const sent = { mobilePhone: closed('13800138000'), email: closed('canary@example.com') }
  const { instance } = await desk.opens({ orderId, ...sent })
  const customer = JSON.parse((await customerOf(desk.authority, instance))!)
  expect(customer).toMatchObject({ mobilePhone: '13800138000', email: 'canary@example.com' })
  desk.clock.time += 1
  const other = await desk.opens({ orderId: desk.newOrder(), email: 'canary, not encrypted' })
  const kept = JSON.parse((await customerOf(desk.authority, other.instance))!)
  expect(kept).toMatchObject({ email: 'canary, not encrypted' })
  expect(JSON.stringify([desk.lines, other.told])).not.toMatch(/13800138000|canary|customer-1|张三/)
})
