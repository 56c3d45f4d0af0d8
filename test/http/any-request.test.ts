import { createHash } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import type { Fields } from '../../src/marketplace/huawei/caller.ts'
import { type Desk, inDays, openDesk, PURCHASE } from '../authority/desk.ts'
import { OPTIONS } from './server.ts'

let desk: Desk
let license: string
let app: ReturnType<typeof createApp>
beforeAll(async () => {
  desk = await openDesk()
  license = (await desk.buy()).license
  app = createApp(desk.authority, OPTIONS)
})
afterAll(() => desk.close())

let heard: number
beforeEach(() => {
  heard = desk.lines.length
})
const failures = () => desk.lines.slice(heard).filter(({ level }) => level === 'error')

/** Everything the database holds, as one digest. */
function state(): string {
  const db = new Sqlite(desk.config.database, { readonly: true })
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
  const rows = tables.sort().map((table) => [table, db.prepare(`SELECT * FROM ${table}`).raw().all()])
  db.close()
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}

const NAMES = [
  ...[
    'activity',
    'authToken',
    'timeStamp',
    'signature',
    'timestamp',
    'nonce',
    'testFlag',
    'trialFlag',
    'amount',
  ],
  ...['orderInfo', 'buyerInfo', 'productInfo'],
  ...[
    'orderId',
    'orderLineId',
    'instanceId',
    'license',
    'expireTime',
    'productId',
    'customerId',
    'businessId',
  ],
  ...['status', 'scene', 'skuCode', 'periodType', '__proto__', 'toString', '', 'a b'],
  ...['customerName', 'mobilePhone', 'email', 'instanceStatus', 'trialToFormal'],
]

const ACTIVITIES = [
  ...['getLicense', 'refreshLicense', 'expireLicense', 'expireInstance', 'releaseLicense'],
  ...['refreshLicenseCode', 'updateLicenseCodeStatus', 'releaseLicenseCode', 'dance', ''],
  ...['newInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'orderNotify'],
  ...['queryInstance', 'upgradeInstance', 'changeInstanceCheck', 'upgrade', 'instanceStatus'],
]

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
)

/** Now and then what a field expects, so that the checks behind the first are met too. */
const likely = () =>
  fc.oneof(
    fc.constantFrom(
      ...ACTIVITIES,
      '0',
      '1',
      0,
      1,
      null,
      'FREEZE',
      'RENEWAL',
      'PL1',
      '{"productId":"OFFI-BASE"}',
      'OFFI-GOLD',
      '5',
      '65536',
    ),
    fc.constantFrom(inDays(5), inDays(-5), '20260230000000', String(desk.clock.nowMs()), 'x'.repeat(65)),
    text,
  )

const spelled = fc.oneof(
  text.map((one) => encodeURIComponent(one.toWellFormed())),
  fc.stringMatching(/^[!-~]{0,80}$/),
  fc.constantFrom('%', '%4', '%E0%A4', '+', '%00', '&', '=', '%26orderId%3D1'),
)

const query = () =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...NAMES),
        fc.oneof(
          spelled,
          likely().map((one) => encodeURIComponent(String(one).toWellFormed())),
        ),
      ),
    )
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'))

const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json({ maxDepth: 20 }).map((json) => Buffer.from(json)),
  text.map((one) => Buffer.from(one)),
  fc.constant(Buffer.from('['.repeat(40_000))),
)

const type = fc.constantFrom(
  'application/json',
  'application/json;charset=utf-8',
  'text/plain',
  '',
  'a/b;c="',
)

/** Sends it as a host that has the request line; the query reaches the application as it is. */
function request(method: string, path: string, raw: string, sent: Uint8Array, contentType: string) {
  const incoming = { url: `${path}?${raw}` }
  const carries = method !== 'GET'
  const init = {
    method,
    headers: { 'content-type': contentType },
    ...(carries && { body: Uint8Array.from(sent) }),
  }
  return app.request(path, init, { incoming })
}

test('whatever is sent to a callback without a key is answered, and changes nothing', async () => {
  const before = state()
  const method = fc.constantFrom('GET', 'POST')
  await fc.assert(
    fc.asyncProperty(method, query(), body, type, async (verb, raw, sent, contentType) => {
      const response = await request(verb, '/callbacks/huawei', raw, sent, contentType)
      const answer = await response.text()
      expect(response.status).toBe(200)
      expect(['000001', '000002']).toContain(JSON.parse(answer).resultCode)
      expect(desk.caller.bodySignHolds(answer, response.headers.get('body-sign'))).toBe(true)
    }),
    { numRuns: 1_500 },
  )
  expect(failures()).toEqual([])
  expect(state()).toBe(before)
})

test('a genuine call that was altered anywhere is refused, and changes nothing', async () => {
  const before = state()
  const call = desk.caller.getLicense({ ...PURCHASE, orderId: 'altered' }, desk.moment())
  const raw = call.url.slice(call.url.indexOf('?') + 1)
  const symbol = fc.constantFrom(...'abcXYZ0189=&%+-_.~')
  await fc.assert(
    fc.asyncProperty(fc.nat(raw.length - 1), symbol, async (at, other) => {
      fc.pre(raw[at] !== other)
      // `%2f` is `%2F`: the same call in another spelling, and a different one in `timeStamp` only by its digits.
      const altered = raw.slice(0, at) + other + raw.slice(at + 1)
      fc.pre(decoded(altered) !== decoded(raw))
      const response = await request('GET', '/callbacks/huawei', altered, new Uint8Array(), '')
      expect(response.status).toBe(200)
      expect(['000001', '000002']).toContain(((await response.json()) as { resultCode: string }).resultCode)
    }),
    { numRuns: 800 },
  )
  expect(state()).toBe(before)
})

/** As the receiver reads it: names and values, `+` in a token being a plus sign either way. */
function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' ')).replaceAll(' ', '+')
  } catch {
    return raw
  }
}

test('whatever is asked of validation is answered below 500, and changes nothing', async () => {
  const before = state()
  const mutated = fc
    .tuple(fc.nat(license.length - 1), fc.string({ minLength: 1, maxLength: 2 }))
    .map(([at, other]) => license.slice(0, at) + other + license.slice(at + 1))
  const question = fc
    .record(
      {
        code: fc.oneof(mutated, text, fc.constant(license), fc.jsonValue()),
        device: fc.oneof(fc.record({ fingerprint: text }), fc.jsonValue()),
        nonce: fc.oneof(fc.stringMatching(/^[\w-]{1,64}$/), fc.jsonValue()),
      },
      { requiredKeys: ['code'] },
    )
    .map((asked) => Buffer.from(JSON.stringify(asked)))
  const method = fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT', 'DELETE')
  await fc.assert(
    fc.asyncProperty(method, fc.oneof(question, body), type, async (verb, sent, contentType) => {
      const response = await request(verb, '/v1/validate', '', sent, contentType)
      expect(response.status).toBeLessThan(500)
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
      expect(await response.json()).toEqual(expect.any(Object))
    }),
    { numRuns: 1_500 },
  )
  expect(failures()).toEqual([])
  expect(state()).toBe(before)
})

test('whatever the marketplace itself signs gets HTTP 200 and a result code of the document', {
  timeout: 30_000,
}, async () => {
  const fields = fc.dictionary(fc.constantFrom(...NAMES.filter((name) => /^[a-zA-Z]+$/.test(name))), likely())
  const activity = fc.constantFrom(...ACTIVITIES)
  await fc.assert(
    fc.asyncProperty(fc.boolean(), activity, fields, async (posted, name, given) => {
      const { authToken: _, timeStamp: __, ...rest } = given as Record<string, string>
      const members: Fields = { ...rest, activity: name }
      const call = posted ? desk.caller.post(members, desk.moment()) : desk.caller.get(members, desk.moment())
      const raw = call.url.slice(call.url.indexOf('?') + 1)
      const sent = Buffer.from(call.body ?? '')
      const response = await request(call.method, '/callbacks/huawei', raw, sent, 'application/json')
      expect(response.status).toBe(200)
      const answer = await response.text()
      expect(JSON.parse(answer).resultCode).toMatch(/^00000[01235]$/)
      expect(desk.caller.bodySignHolds(answer, response.headers.get('body-sign'))).toBe(true)
    }),
    { numRuns: 600 },
  )
  expect(failures()).toEqual([])
})
