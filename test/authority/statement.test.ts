import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applyCatalog } from '../../src/authority/admin.ts'
import { operate } from '../../src/authority/operate.ts'
import { publishedJwks } from '../../src/authority/published-keys.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { decodeBase64url } from '../../src/format/base64url.ts'
import { readKeyCertificate } from '../../src/format/license-text.ts'
import { readStatement } from '../../src/format/statement.ts'
import { CATALOG, NOON } from '../support/instance.ts'
import { claimsOf, DAY, type Desk, inDays, openDesk, type Reply } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let sold: Reply
let orderId: string
beforeEach(async () => {
  desk.clock.time = NOON
  orderId = desk.newOrder()
  sold = await desk.buy({ orderId })
})

const claims = async (wish = {}) => claimsOf(await desk.ask(sold.license, wish))
const operator = (command: Parameters<typeof operate>[2]) =>
  operate(desk.authority, { id: sold.instance }, command, { who: 'operator', reason: null })

async function published() {
  const { keyring } = await desk.authority.configuration.current(desk.clock.now())
  return publishedJwks(keyring)
}

describe('a statement', () => {
  test('says what the contract lists, no more and no less, in the types of the contract', async () => {
    expect(await claims()).toEqual({
      iss: 'https://licenses.example.com',
      sub: sold.instance,
      aud: 'cad-pro',
      iat: NOON,
      exp: NOON + DAY,
      root: 1,
      rev: 1,
      status: 'active',
      paid_until: NOON + 30 * DAY,
      works_until: NOON + 33 * DAY,
      product: 1001,
      edition: 'flagship',
      features: ['render', 'export', 'simulate'],
      seats: 5,
      trial: false,
    })
  })

  test('verifies as an EdDSA JWT under the published keys', async () => {
    const { statement } = await desk.ask(sold.license)
    const { keys } = await published()
    const verified = await compactVerify(statement!, createLocalJWKSet({ keys: [...keys] }), {
      algorithms: ['EdDSA'],
    })
    expect(verified.protectedHeader).toEqual({
      alg: 'EdDSA',
      kid: expect.stringMatching(/^[0-9a-f]{8}$/),
      typ: 'license-statement+jwt',
    })
    expect(JSON.parse(Buffer.from(verified.payload).toString())).toEqual(await claims())
    const [header, , signature] = statement!.split('.')
    const widened = { ...(await claims()), seats: 500 }
    const forged = [header, Buffer.from(JSON.stringify(widened)).toString('base64url'), signature].join('.')
    await expect(compactVerify(forged, createLocalJWKSet({ keys: [...keys] }))).rejects.toThrow()
  })

  test('is signed by a key that the certificates beside it certify for statements, now', async () => {
    const { statement, certificates } = await desk.ask(sold.license)
    const { kid } = decodeProtectedHeader(statement!)
    const { keys } = await published()
    const publicKey = decodeBase64url(keys.find((key) => key.kid === kid)!.x)
    const certified = certificates.flatMap((text) => {
      const read = readKeyCertificate(text, nodeCrypto.sha256)
      return read.ok ? [read.certificate.value] : []
    })
    const ours = certified.filter((one) => Buffer.from(one.publicKey).equals(publicKey!))
    expect(ours).toEqual([expect.objectContaining({ usages: 2, product: 0 })])
    expect(ours[0]!.from).toBeLessThanOrEqual(NOON)
    expect(ours[0]!.to).toBeGreaterThan(NOON)
  })

  test('echoes the nonce', async () => {
    expect(await claims({ nonce: 'aZ0_-' })).toMatchObject({ nonce: 'aZ0_-' })
  })

  test('of a perpetual license has no end, of an unlimited one no seats', async () => {
    const offer = {
      channel: 'huawei',
      marketplaceProduct: 'OFFI-ALL',
      product: 'cad-pro',
      edition: 'standard',
    }
    const offers = [...CATALOG.offers, { ...offer, seats: 0 }]
    await applyCatalog(desk.authority, { ...CATALOG, offers })
    const order = { orderId: desk.newOrder(), productId: 'OFFI-ALL', expireTime: undefined }
    sold = await desk.buy(order)
    expect(await claims()).toMatchObject({
      paid_until: null,
      works_until: null,
      seats: null,
      exp: NOON + DAY,
    })
  })

  test('of a trial says so', async () => {
    sold = await desk.buy({ orderId: desk.newOrder(), trialFlag: '1' })
    expect(await claims()).toMatchObject({ trial: true })
  })

  test('to the end of the year 9999 is one that its own reader takes', async () => {
    sold = await desk.buy({ orderId: desk.newOrder(), expireTime: '99991231235959' })
    const { statement } = await desk.ask(sold.license)
    expect(readStatement(Buffer.from(statement!.split('.')[1]!, 'base64url'))).not.toBeNull()
  })

  test('lives as long as the product says', async () => {
    const product = { ...CATALOG.products[0]!, statementLife: 3_600 }
    await applyCatalog(desk.authority, { ...CATALOG, products: [product] })
    expect(await claims()).toMatchObject({ exp: NOON + 3_600 })
    await applyCatalog(desk.authority, CATALOG)
  })
})

describe('what a statement permits ends', () => {
  const at = (after: number) => {
    desk.clock.time = NOON + after
    return claims()
  }

  test('with its life while the license is active', async () => {
    expect(await at(29 * DAY)).toMatchObject({ iat: NOON + 29 * DAY, exp: NOON + 30 * DAY })
  })

  test('not with the paid end, but with works until, while in grace', async () => {
    expect(await at(31 * DAY)).toMatchObject({ exp: NOON + 32 * DAY })
    expect(await at(32 * DAY + 3_600)).toMatchObject({ exp: NOON + 33 * DAY })
    expect(await at(33 * DAY - 1)).toMatchObject({ exp: NOON + 33 * DAY })
  })

  test('with works until also of a license that is active without grace to come', async () => {
    const bare = { ...CATALOG.products[0]!, graceDays: 0 }
    await applyCatalog(desk.authority, { ...CATALOG, products: [bare] })
    sold = await desk.buy({ orderId: desk.newOrder(), expireTime: inDays(0.5) })
    await applyCatalog(desk.authority, CATALOG)
    expect(await claims()).toMatchObject({ exp: NOON + DAY / 2, works_until: NOON + DAY / 2 })
  })

  test('with its life where it only forbids: expired, frozen, released', async () => {
    expect(await at(40 * DAY)).toMatchObject({ status: 'active', exp: NOON + 41 * DAY })
    await operator({ type: 'freeze', cause: 'expiry_call' })
    expect(await at(41 * DAY)).toMatchObject({ status: 'frozen', rev: 2, exp: NOON + 42 * DAY })
    await operator({ type: 'release' })
    expect(await at(42 * DAY)).toMatchObject({ status: 'released', rev: 3, exp: NOON + 43 * DAY })
  })
})
