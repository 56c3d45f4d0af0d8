import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { customerOf } from '../../src/authority/customer.ts'
import type { LogDetail } from '../../src/authority/host.ts'
import { operate, sellDirectly } from '../../src/authority/operate.ts'
import { signingKeyPurpose } from '../../src/authority/purposes.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { utf8 } from '../../src/format/bytes.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { saas1Caller } from '../../src/marketplace/huawei/caller-saas-1.ts'
import { encryptSensitive } from '../../src/marketplace/huawei/sensitive.ts'
import { ACCESS_KEY, NOON } from '../support/instance.ts'
import { ADDRESS, DAY, type Desk, inDays, openDesk, PURCHASE, withStore } from './desk.ts'

/** Words that occur nowhere but in what they stand for. */
const BUYER = {
  customerId: 'canary-account-41',
  customerName: 'Canary Name 金丝雀',
  userId: 'canary-user-id-42',
  userName: 'canary-user-name-43',
  mobilePhone: '13800001111canary',
  email: 'canary@example.com',
}

let desk: Desk
const tokens: string[] = []
const texts: string[] = []
const told: LogDetail[] = []
beforeAll(async () => {
  desk = await openDesk()
  await live()
})
afterAll(() => desk.close())

async function send(call: HuaweiCall) {
  const query = new URL(call.url).searchParams
  tokens.push(...['authToken', 'signature', 'nonce'].flatMap((name) => query.get(name) ?? []))
  const reply = await desk.send(call)
  if (reply.license) texts.push(reply.license)
  told.push(reply.told)
  desk.clock.time += 1
  return reply
}

const encrypted = (text: string) =>
  encryptSensitive(legacyCrypto, '1', utf8(ACCESS_KEY), text, (length) => new Uint8Array(length).fill(5))

/** Everything that can happen to a buyer's data: sold, refused, parked, repeated, failed, validated, swept. */
async function live() {
  const { caller, moment } = desk
  const buy = (fields: Record<string, string | number | undefined>) =>
    send(caller.getLicense({ ...PURCHASE, ...BUYER, ...fields }, moment()))
  const { instance, license } = await buy({ orderId: 'O-1' })
  await buy({ orderId: 'O-1', productId: 'OFFI-BASE' })
  await buy({ orderId: 'O-2', amount: '0' })
  await buy({ orderId: 'O-3', productId: 'OFFI-NEW' })
  await buy({ orderId: 'O-4', customerName: 'x'.repeat(65) + BUYER.customerName })
  await buy({ orderId: 'O-5', mobilePhone: `${BUYER.mobilePhone}&orderId=O-6` })
  await buy({ orderId: 'O-7', testFlag: '1' })
  await buy({ orderId: 'O-8', testFlag: BUYER.email })
  await buy({ orderId: 'O-9', expireTime: BUYER.mobilePhone })
  const elder = saas1Caller(nodeCrypto, ADDRESS, ACCESS_KEY)
  const closed = { mobilePhone: encrypted(BUYER.mobilePhone), email: encrypted(BUYER.email) }
  const shown = { ...PURCHASE, ...BUYER, ...closed, orderId: 'O-12' }
  await send(elder.newInstance(shown, moment()))
  await send(elder.newInstance({ ...shown, orderId: 'O-13', amount: 0 }, moment()))
  await send(elder.newInstance({ ...shown, orderId: 'O-14', testFlag: 1 }, moment()))
  await send(
    caller.refreshLicense({ orderId: 'R-1', instanceId: instance, expireTime: inDays(60) }, moment()),
  )
  await send(caller.expireLicense({ orderId: 'O-1', instanceId: 'unknown' }, moment()))
  await send(caller.updateLicenseCodeStatus({ license: 'PL1', status: 'FREEZE', ...BUYER }, moment()))
  const forged = caller.getLicense({ ...PURCHASE, ...BUYER, orderId: 'O-10' }, moment())
  await send({ ...forged, url: forged.url.replace('canary-account', 'another-account') })
  const broken = withStore(desk.authority, { commit: () => Promise.reject(new Error('disk on fire')) })
  const failed = await desk.send(
    caller.getLicense({ ...PURCHASE, ...BUYER, orderId: 'O-11' }, moment()),
    broken,
  )
  told.push(failed.told)
  await desk.ask(license, { fingerprint: 'canary-fingerprint', nonce: 'canary-nonce' })
  await desk.ask(`${license}canary`)
  const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false, binding: null }
  const sale = { ...terms, paidUntil: NOON + DAY, instance: null, order: null, customer: BUYER.customerName }
  await sellDirectly(desk.authority, sale, { who: 'operator', reason: 'a sale' })
  await operate(desk.authority, { id: instance }, { type: 'release' }, { who: 'operator', reason: null })
  desk.clock.time += 4 * DAY
  await sweep(desk.authority)
}

const logged = () => JSON.stringify([desk.lines, told])

test('the run logged something to search', () => {
  expect(desk.lines.length).toBeGreaterThan(0)
  expect(told.length).toBeGreaterThan(10)
  expect(tokens.length).toBeGreaterThan(10)
  expect(texts.length).toBeGreaterThan(2)
})

test.each(Object.entries(BUYER))('no line of the log holds the %s of a buyer', (_, canary) => {
  expect(logged()).not.toContain(canary)
})

test('no line of the log holds an access key, a token, a signature, a nonce or a license text', async () => {
  for (const secret of [ACCESS_KEY, ...tokens, 'canary']) expect(logged()).not.toContain(secret)
  for (const text of texts) expect(logged()).not.toContain(text.slice(0, 24))
  expect(logged()).not.toMatch(/L[CK]1-/)
})

/** Every byte the instance keeps: database, write-ahead log, shared memory. */
function databaseBytes(): Buffer {
  const files = readdirSync(desk.config.data).filter((name) => name.startsWith('licet.db'))
  expect(files.length).toBeGreaterThan(1)
  return Buffer.concat(files.map((name) => readFileSync(join(desk.config.data, name))))
}

test.each(Object.entries(BUYER))('no byte of the database holds the %s of a buyer', (_, canary) => {
  expect(databaseBytes().includes(canary)).toBe(false)
})

test('no byte of the database holds an access key or a private key, in any spelling', async () => {
  const keys = await desk.authority.store.keys()
  const secrets = [
    Buffer.from(ACCESS_KEY),
    ...keys.map(({ kid, sealed }) =>
      Buffer.from(desk.authority.sealing.open(signingKeyPurpose(kid), sealed!)),
    ),
  ]
  expect(secrets).toHaveLength(4)
  const bytes = databaseBytes()
  for (const secret of secrets) {
    expect(bytes.includes(secret)).toBe(false)
    for (const spelling of ['hex', 'base64', 'base64url'] as const) {
      expect(bytes.includes(secret.toString(spelling).replaceAll('=', ''))).toBe(false)
    }
  }
})

test('what is kept of a buyer opens under the master key, beside its own license alone', async () => {
  const { store } = desk.authority
  const license = (await store.byOrder('huawei', { id: 'O-1', line: '' }))!
  const shown = (await store.byOrder('huawei', { id: 'O-12', line: '' }))!
  for (const { id } of [license, shown])
    expect(JSON.parse((await customerOf(desk.authority, id))!)).toMatchObject(BUYER)
  const moved = withStore(desk.authority, { customer: () => store.customer(license.id) })
  await expect(customerOf(moved, '0000000000000000')).rejects.toThrow('does not open')
})

test('no alert holds anything of a buyer', async () => {
  const alerts = await desk.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 1_000)
  expect(alerts.length).toBeGreaterThan(2)
  expect(JSON.stringify(alerts)).not.toMatch(/canary|13800001111/i)
})
