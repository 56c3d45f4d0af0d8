import { describe, expect, test } from 'vitest'
import type { OutgoingCall } from '../../../../src/authority/outgoing/port.ts'
import { nodeCrypto } from '../../../../src/crypto/node.ts'
import { readZone } from '../../../../src/marketplace/huawei/date.ts'
import type { Arrived } from '../../../../src/marketplace/huawei/desk/open-api/sdk-check.ts'
import { openApiDialect } from '../../../../src/marketplace/huawei/open-api/dialect.ts'
import { ACCESS_KEY, CREDENTIALS, NOON_MS, type Played, played, RIGHT } from './seller.ts'

const ORIGIN = 'http://127.0.0.1:8788'
const dialect = openApiDialect(nodeCrypto, readZone)
const utf8 = (text: string) => new TextEncoder().encode(text)

/** A request as our client signs it, changed before it arrives or signed by somebody else. */
function request(
  call: OutgoingCall,
  as: { secret?: string; id?: string; nowMs?: number; key?: string } = {},
): Arrived {
  const credentials = {
    accessKeyId: as.id ?? CREDENTIALS.accessKeyId,
    secret: as.secret ?? CREDENTIALS.secret,
  }
  const [{ method, url, headers, body }] = dialect.requests(call, {
    openApi: { site: ORIGIN, credentials },
    accessKey: { id: 'k', secret: utf8(as.key ?? ACCESS_KEY) },
    nowMs: as.nowMs ?? NOON_MS,
    nonce: 'nonce-0001',
  } as Parameters<typeof dialect.requests>[1]) as [ReturnType<typeof dialect.requests>[number]]
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  const { host } = new URL(ORIGIN)
  return { method, target: url.slice(ORIGIN.length), headers: { host, ...Object.fromEntries(lower) }, body }
}

async function outcome(one: Played, call: OutgoingCall, arrived = request(call)) {
  const answered = await one.desk.openApi(arrived)
  if (!('json' in answered)) return answered
  return dialect.outcome(call, answered.status, utf8(JSON.stringify(answered.json)), 'UTC')
}

/** As it stands in the answer, whatever our client makes of it. */
async function errorCode(one: Played, call: OutgoingCall): Promise<unknown> {
  const answered = await one.desk.openApi(request(call))
  return 'json' in answered ? (answered.json as { error_code?: string }).error_code : answered.type
}

async function sold(family: 'license-2' | 'saas-2' | 'online-license') {
  const one = played(RIGHT, [family])
  await one.play('sell')
  const { orderId } = one.seen[0]!.members
  return { one, order: `${orderId}` }
}

const codeOf = ({ events }: Played): string =>
  events.flatMap((event) => (event.type === 'note' ? (/PL\w+/.exec(event.text) ?? []) : []))[0]!

describe('the order query', () => {
  test('tells an order that was bought, and the nine mock orders', async () => {
    const { one, order } = await sold('saas-2')
    const query = (id: string): OutgoingCall => ({ type: 'query_order', order: id, line: null })
    expect(await outcome(one, query(order))).toMatchObject({
      type: 'order',
      order: {
        id: order,
        kind: 'NEW',
        lines: [{ line: `${order}-000001`, marketplaceProduct: 'OFFI-1', sku: 'sku-1', quantity: '5' }],
      },
    })
    expect(one.desk.opinion().findings).toEqual([])
    expect(await outcome(one, query('MOCKMONTYCHANGE'))).toMatchObject({
      type: 'order',
      order: { kind: 'CHANGE' },
    })
    expect(await outcome(one, query('CS-NOBODY'))).toMatchObject({ type: 'unexplained', code: '000002' })
    expect(await outcome(one, query('__proto__'))).toMatchObject({ type: 'unexplained', code: '000002' })
  })

  test('refuses who does not sign right, and tells nothing', async () => {
    const { one, order } = await sold('saas-2')
    const call: OutgoingCall = { type: 'query_order', order, line: null }
    const good = request(call)
    const forged: readonly Arrived[] = [
      request(call, { secret: 'another' }),
      request(call, { id: 'AKOTHER' }),
      request(call, { nowMs: NOON_MS - 16 * 60_000 }),
      request(call, { nowMs: NOON_MS + 16 * 60_000 }),
      { ...good, target: `${good.target}x` },
      { ...good, method: 'POST' },
      { ...good, body: utf8('x') },
      { ...good, headers: { ...good.headers, host: 'mkt.myhuaweicloud.com' } },
      { ...good, headers: { ...good.headers, authorization: '' } },
      {
        ...good,
        headers: { ...good.headers, authorization: good.headers.authorization!.replace('SDK-', '') },
      },
      {
        ...good,
        headers: { ...good.headers, authorization: good.headers.authorization!.replace(/host;/, '') },
      },
      {
        ...good,
        headers: { ...good.headers, authorization: `${good.headers.authorization!.slice(0, -2)}zz` },
      },
      { ...good, headers: { ...good.headers, 'x-sdk-date': 'yesterday' } },
    ]
    for (const arrived of forged)
      expect(await outcome(one, call, arrived)).toMatchObject({ type: 'unauthorized' })
    expect(one.desk.opinion().findings).toHaveLength(1)
    expect(await outcome(one, call, good)).toMatchObject({ type: 'order' })
  })
})

describe('a code of the marketplace', () => {
  test('is activated once, and asked about after that', async () => {
    const { one, order } = await sold('license-2')
    const code = codeOf(one)
    const activate: OutgoingCall = { type: 'activate_code', code, at: null }
    const query: OutgoingCall = { type: 'query_code', code }
    expect(await errorCode(one, query)).toBe('92020011')
    const alive = {
      type: 'code',
      code: { status: 'alive', order, marketplaceProduct: 'OFFI-1', quantity: '5' },
    }
    expect(await outcome(one, activate)).toMatchObject(alive)
    expect(await outcome(one, activate)).toMatchObject({ type: 'refused', code: '92020003' })
    expect(await outcome(one, query)).toMatchObject(alive)
    await one.play('expire 1')
    expect(await outcome(one, query)).toMatchObject({ type: 'code', code: { status: 'expired' } })
    await one.play('renew 1')
    expect(await outcome(one, query)).toMatchObject({ type: 'code', code: { status: 'alive' } })
    await one.play('release 1')
    expect(await outcome(one, query)).toMatchObject({ type: 'code', code: { status: 'released' } })
  })

  test('that nobody bought does not exist', async () => {
    const { one } = await sold('license-2')
    expect(await errorCode(one, { type: 'activate_code', code: 'PL-NOBODY', at: null })).toBe('92020005')
    expect(await errorCode(one, { type: 'query_code', code: 'PL-NOBODY' })).toBe('92020005')
  })
})

describe('an upload', () => {
  async function applied() {
    const { one } = await sold('online-license')
    await one.play('apply 1 device-a')
    const { eventId } = one.seen.at(-1)!.members
    return { one, event: `${eventId}` }
  }

  test.each([
    ['characters', 'LC1-TEXT'],
    ['a file', 'long '.repeat(400)],
  ])('of %s is taken for the event it was applied under', async (_, text) => {
    const { one, event } = await applied()
    expect(await outcome(one, { type: 'upload_license', event, text })).toEqual({ type: 'done' })
    expect(one.desk.opinion().findings.map(({ says }) => says)).not.toContainEqual(
      expect.stringContaining(event),
    )
  })

  test('under an event of nobody is refused', async () => {
    const { one } = await applied()
    const call: OutgoingCall = { type: 'upload_license', event: 'EV-NOBODY', text: 'x' }
    expect(await outcome(one, call)).toMatchObject({ type: 'refused', code: '91381034' })
  })

  test.each([
    ['another digest', (body: string) => body.replace(/"sha256":"."?/, '"sha256":"x')],
    ['an altered file', (body: string) => body.replace('long long', 'lung long')],
    ['no file', (body: string) => body.replace('name="file"', 'name="life"')],
    ['another type', (body: string) => body.replace('"FILE"', '"MAGIC"')],
  ])('with %s is refused', async (_, damage) => {
    const { one, event } = await applied()
    const call: OutgoingCall = { type: 'upload_license', event, text: 'long '.repeat(400) }
    const body = utf8(damage(new TextDecoder().decode(request(call).body)))
    const { authorization, ...headers } = request(call).headers
    const signed = resigned({ ...request(call), headers, body })
    expect(authorization).toBeDefined()
    expect(await outcome(one, call, signed)).toMatchObject({ type: 'refused', code: '91381037' })
  })
})

test('usage is counted when the access key signed it, and refused when another did', async () => {
  const { one } = await sold('saas-2')
  const record = {
    instance: 'i',
    serial: 's',
    recordedAt: 1,
    from: 1,
    to: 2,
    value: '1.5',
    relatedPackage: null,
  }
  const call: OutgoingCall = { type: 'push_usage', records: [record] }
  expect(await outcome(one, call)).toEqual({ type: 'done' })
  expect(await outcome(one, call, request(call, { key: 'another' }))).toMatchObject({ type: 'unauthorized' })
  expect(one.desk.calls().usageRecords).toBe(1)
})

test('an API that does not exist is not served', async () => {
  const { one } = await sold('saas-2')
  const good = request({ type: 'query_code', code: 'x' })
  const other = resigned({ ...good, target: '/api/mkp-openapi-public/global/v1/license/cancel' })
  expect(await one.desk.openApi(other)).toMatchObject({ status: 404 })
})

test('the next calls fail as asked, and then it works again', async () => {
  const { one, order } = await sold('saas-2')
  await one.play('fail next 2 with rubbish', 'fail next 1 with APIGW.0308')
  const call: OutgoingCall = { type: 'query_order', order, line: null }
  const answers = [await outcome(one, call), await outcome(one, call), await outcome(one, call)]
  expect(answers).toEqual([{ type: 'rubbish' }, { type: 'rubbish' }, { type: 'code', code: 'APIGW.0308' }])
  expect(await outcome(one, call)).toMatchObject({ type: 'order' })
})

/** Signed again as it is now, by the documents' recipe and with nothing of ours but HMAC. */
function resigned(arrived: Arrived): Arrived {
  const names = ['content-type', 'host', 'x-sdk-date']
  const sha256 = (bytes: Uint8Array) => Buffer.from(nodeCrypto.sha256(bytes)).toString('hex')
  const path = `${arrived.target.split('?')[0]}/`
  const lines = names.map((name) => `${name}:${arrived.headers[name]}\n`).join('')
  const canonical = [arrived.method, path, '', lines, names.join(';'), sha256(arrived.body)].join('\n')
  const text = `SDK-HMAC-SHA256\n${arrived.headers['x-sdk-date']}\n${sha256(utf8(canonical))}`
  const signature = Buffer.from(nodeCrypto.hmacSha256(utf8(CREDENTIALS.secret), utf8(text))).toString('hex')
  const authorization = `SDK-HMAC-SHA256 Access=${CREDENTIALS.accessKeyId}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { ...arrived, headers: { ...arrived.headers, authorization } }
}
