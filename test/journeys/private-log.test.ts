import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { Running } from '../support/program.ts'
import { purchase, SHOP_KEY, type Shop, shop } from '../support/shop.ts'

/** Stands in every place a sender can write to. A name, and what names look like on the wire. */
const CANARY = 'Canary'
const NAME = `${CANARY} 张三`
const PHONE = '13800138000'
const CODE_START = 'LC1-'

type Line = Readonly<Record<string, unknown>>

describe('the log of a server that met everything', { timeout: 60_000 }, () => {
  let seller: Shop
  let server: Running
  let huawei: FakeHuawei
  let text: string
  let lines: readonly Line[]
  let instance: string
  const answers: Response[] = []
  const secrets: string[] = [CANARY, '张三', PHONE, SHOP_KEY, CODE_START, '203.0.113.77']

  async function tell(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      'user-agent': `agent ${CANARY}`,
      cookie: `session=${CANARY}`,
      authorization: `Bearer ${CANARY}`,
      'x-forwarded-for': '203.0.113.77',
      'x-request-id': CANARY,
      ...init.headers,
    }
    const answer = await fetch(`${server.url}${path}`, { ...init, headers })
    answers.push(answer)
    return answer
  }

  async function call({ method, url, headers, body }: HuaweiCall): Promise<Record<string, string>> {
    const { pathname, search, searchParams } = new URL(url)
    for (const name of ['authToken', 'signature', 'nonce'])
      secrets.push(
        ...[searchParams.get(name)].filter((value) => value !== null && value.length > 8).map(String),
      )
    const answer = await tell(pathname + search, { method, headers: { ...headers }, ...(body && { body }) })
    secrets.push(answer.headers.get('body-sign')!)
    return answer.json()
  }

  const personal = { customerName: NAME, mobilePhone: PHONE, email: `${CANARY}@example.com`, userId: CANARY }

  async function callbacks(): Promise<string> {
    const { caller } = huawei
    const sale = { ...purchase('CS-1'), ...personal, customerId: CANARY }
    const first = caller.getLicense(sale, huawei.moment())
    const { license, instanceId } = await call(first)
    instance = instanceId!
    await call(first)
    await call(caller.getLicense({ ...sale, orderId: 'CS-2', productId: 'OFFI-UNKNOWN' }, huawei.moment()))
    await call(
      caller.getLicense({ ...sale, orderId: 'CS-3', amount: 'many', [CANARY]: NAME }, huawei.moment()),
    )
    await call(caller.getLicense({ ...sale, orderId: 'CS-4', expireTime: CANARY }, huawei.moment()))
    await call(caller.expireLicense({ orderId: 'CS-1', instanceId: CANARY }, huawei.moment()))
    await call(caller.get({ activity: CANARY, [CANARY]: NAME }, huawei.moment()))
    await call(
      caller.post({ activity: 'updateLicenseCodeStatus', license: CANARY, status: CANARY }, huawei.moment()),
    )
    await call(caller.updateLicenseCodeStatus({ license: `PL${CANARY}`, status: 'FREEZE' }, huawei.moment()))
    const forged = caller.getLicense({ ...sale, orderId: 'CS-5' }, huawei.moment())
    await call({ ...forged, url: forged.url.replace(/authToken=[^&]+/, `authToken=${CANARY}`) })
    await call({ ...forged, url: `${forged.url}&${CANARY}=1&${CANARY}=2&=${CANARY}&%zz${CANARY}` })
    return license!
  }

  async function questions(license: string): Promise<void> {
    const json = { 'content-type': 'application/json' }
    const ask = (body: string, headers: Record<string, string> = json) =>
      tell(`/v1/validate?token=${CANARY}`, { method: 'POST', body, headers })
    const device = { fingerprint: CANARY }
    for (const code of [license, `${license.slice(0, 40)}${CANARY}`, CANARY])
      await ask(JSON.stringify({ code, device, nonce: CANARY }))
    await ask(JSON.stringify({ code: 1, [CANARY]: CANARY }))
    await ask(`{"${CANARY}`)
    await ask('{}', { 'content-type': `text/${CANARY}` })
    await ask(`{"code":"${CANARY.repeat(12_000)}"}`)
    for (const path of ['/v1/keys', '/readyz', '/healthz', `/v1/revocations/${CANARY}`, `/${CANARY}`])
      await tell(`${path}?name=${encodeURIComponent(NAME)}`)
    await tell(`/callbacks/${CANARY}?a=${CANARY}`)
    await tell('/v1/keys', { method: 'DELETE' })
  }

  beforeAll(async () => {
    seller = await shop()
    const environment = { LICET_LOG_LEVEL: 'debug', LICET_TRUST_PROXY: '127.0.0.1' }
    ;({ server, huawei } = await seller.open(environment))
    await questions(await callbacks())
    secrets.push(readFileSync(join(seller.data, 'master.key'), 'utf8').trim())
    expect(await server.stop()).toBe(0)
    text = server.said()
    lines = text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
  })
  afterAll(() => seller.remove())

  const requestLines = () => lines.filter(({ event }) => event === 'request')

  it('is JSON lines, each with a time, a level and an event', () => {
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines) {
      expect(line).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: expect.any(String) })
      expect(line.event).toMatch(/^[a-z_]+$/)
    }
  })

  it('holds nothing that a sender wrote, no secret, no code, no token, no address', () => {
    expect(secrets.length).toBeGreaterThan(25)
    for (const secret of secrets) {
      for (const spelled of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
        expect(text.includes(spelled), `${spelled} is in the log`).toBe(false)
    }
  })

  it('has exactly one line for each request, found by the id that its answer carries', () => {
    const ids = answers.map(({ headers }) => headers.get('x-request-id'))
    expect(new Set(ids).size).toBe(ids.length)
    expect(requestLines().map(({ requestId }) => requestId)).toEqual(ids)
  })

  it('names method, route, status and milliseconds of each, never the path', () => {
    const ROUTES =
      /^(\/callbacks\/:channel|\/v1\/validate|\/v1\/keys|\/v1\/revocations\/:product|\/readyz|\/healthz|none)$/
    for (const [at, line] of requestLines().entries()) {
      expect(line).toMatchObject({ method: expect.stringMatching(/^[A-Z]+$/), status: answers[at]!.status })
      expect(line.route).toMatch(ROUTES)
      expect(line.ms).toBeGreaterThanOrEqual(0)
    }
  })

  it('tells of a call its channel, activity, result code and license, and of a repeated one that it was', () => {
    const [sold, repeated] = requestLines()
    const call = { channel: 'huawei', activity: 'getLicense', code: '000000' }
    expect(sold).toMatchObject({ ...call, reply: 'sold', license: instance })
    expect(repeated).toMatchObject({ ...call, reply: 'repeated' })
    const codes = requestLines().flatMap(({ code }) => (code === undefined ? [] : [code]))
    expect(new Set(codes)).toEqual(new Set(['000000', '000001', '000002', '000003', '000005']))
  })

  it('tells of a validation its reason, and of a refused question its problem', () => {
    const told = requestLines().filter(({ route }) => route === '/v1/validate')
    expect(told.map(({ reason, problem }) => problem ?? reason)).toEqual([
      ...[null, expect.any(String), 'malformed'],
      ...['malformed_request', 'malformed_request', 'unsupported_media_type', 'too_large'],
    ])
    expect(told[0]).toMatchObject({ license: instance })
  })

  it('begins with version, engine and schema, and ends with the stop', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(lines.find(({ event }) => event === 'serving')).toMatchObject({
      version,
      engine: 'sqlite',
      schema: expect.any(Number),
    })
    expect(lines.slice(-2).map(({ event }) => event)).toEqual(['stopping', 'stopped'])
  })

  it.each([
    ['info', { info: true, probes: false }],
    ['warn', { info: false, probes: false }],
    ['silent', { info: false, probes: false }],
  ] as const)('at level %s the log says no more than that', async (level, { info, probes }) => {
    const quieter = await seller.start('serve', { LICET_LOG_LEVEL: level })
    for (const path of ['/healthz', '/readyz', '/v1/keys']) await fetch(`${quieter.url}${path}`)
    await quieter.stop()
    expect(quieter.said().includes('"route":"/v1/keys"')).toBe(info)
    expect(quieter.said().includes('"route":"/healthz"')).toBe(probes)
  })
})
