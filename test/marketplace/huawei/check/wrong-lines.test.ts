import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { selfSigned } from '../../../support/certificate.ts'
import { type Habits, MODEL_KEY } from '../../../support/model-seller.ts'
import { check, checked, IMPATIENT, named, relay, seller } from './kit.ts'

/** All that is sent is answered so. */
const always = (sends: Habits['sends']): Partial<Habits> => ({ sends })

const TWO = ['license-1', 'license-2']

const allOf = (scenes: readonly { readonly scene: string }[], prefix: string) =>
  scenes.filter(({ scene }) => !scene.startsWith(prefix)).length

describe('a server that does not answer as a marketplace can read it fails every scene', () => {
  it.each<[string, Habits['sends'], RegExp]>([
    [
      'HTTP 500',
      (response, body) => response.writeHead(500).end(body),
      /^HTTP status 500: every other than 200/,
    ],
    ['HTTP 201', (response, body) => response.writeHead(201).end(body), /^HTTP status 201/],
    [
      'HTTP 401 for what is forged',
      (response, body) => response.writeHead(401).end(body),
      /^HTTP status 401/,
    ],
    ['HTML', (response) => response.end('<html>Welcome</html>'), /^the answer is no JSON object$/],
    ['a JSON list', (response) => response.end('["000000"]'), /^the answer is no JSON object$/],
    ['nothing at all', (response) => response.end(), /^the answer is no JSON object$/],
    ['no UTF-8', (response) => response.end(Buffer.from([0x7b, 0xff, 0x7d])), /^the answer is not UTF-8$/],
  ])('%s', async (_what, sends, finding) => {
    const { scenes } = await checked(always(sends), { families: TWO })
    const played = scenes.filter(({ calls }) => calls.length > 0)
    for (const { result, findings } of played) {
      expect(result).toBe('fail')
      expect(findings[0]).toMatch(finding)
    }
    expect(played.length).toBe(allOf(scenes, 'answers-') - 3)
  })

  it('which is told once: of the form of answers that nobody reads nothing is said', async () => {
    const report = await checked(
      always((response) => response.writeHead(503).end()),
      { families: TWO },
    )
    const form = ['answers-type', 'answers-shape', 'answers-signed']
    expect(named(report, 'unplayed')).toEqual(TWO.flatMap((family) => form.map((one) => `${family}/${one}`)))
    expect(named(report, 'pass')).toContain('license-1/answers-in-time')
  })

  it('a redirect, which is not followed', async () => {
    const elsewhere = await seller()
    const sends: Habits['sends'] = (response) => response.writeHead(307, { location: elsewhere.url }).end()
    const { scenes } = await checked(always(sends), { families: TWO })
    expect(scenes.find(({ calls }) => calls.length > 0)).toMatchObject({
      result: 'fail',
      findings: ['a redirect, HTTP status 307: none is followed'],
    })
    expect(elsewhere.received).toEqual([])
  })
})

const wait = () => undefined
const drip: Habits['sends'] = (response) => void response.write('{')

describe('a server that does not answer', () => {
  it.each([
    ['says nothing', wait],
    ['drips', drip],
  ])('and %s, is unreachable after three calls', async (_what, sends) => {
    const { url, received } = await seller(always(sends))
    const report = await check(url, { families: ['license-2'], patience: IMPATIENT })
    expect(report).toEqual({ type: 'unreachable', why: 'timeout' })
    expect(received).toHaveLength(3)
  })

  it('any more is left after three calls, and the rest is not played', async () => {
    const { url } = await seller()
    let number = 0
    const line = await relay(url, () => number++ >= 5)
    const report = await check(line.url, { families: ['license-2'], patience: IMPATIENT })
    await line.close()
    if (report.type !== 'checked') throw new Error(report.why)
    expect(named(report, 'fail')).toHaveLength(3 + 1)
    expect(named(report, 'fail').at(-1)).toBe('license-2/answers-in-time')
    const played = report.scenes.filter(({ calls }) => calls.length > 0)
    expect(played).toHaveLength(5 + 3)
    expect(named(report, 'unplayed').length).toBeGreaterThan(10)
  })

  it.each<[string, Habits['sends'], string]>([
    ['more than 64 KiB', (response) => response.end('x'.repeat(65 * 1024)), 'over 64 KiB'],
    [
      'to its end',
      (response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{')
        setTimeout(() => response.destroy(), 5)
      },
      'the connection ended before',
    ],
  ])('%s fails every scene', async (_what, sends, finding) => {
    const { scenes } = await checked(always(sends), { families: ['license-2'] })
    for (const { result, findings } of scenes.filter(({ calls }) => calls.length > 0)) {
      expect(result).toBe('fail')
      expect(findings.join()).toContain(finding)
    }
  })

  it('to one call of eight fails there, and in time, and nowhere else', async () => {
    let number = 0
    const { url } = await seller()
    const line = await relay(url, () => number++ % 8 === 2)
    const report = await check(line.url, { families: ['order-notice'], patience: IMPATIENT })
    await line.close()
    if (report.type !== 'checked') throw new Error(report.why)
    const silent = report.scenes.filter(({ calls }) => calls.at(-1)?.status === null && calls.length > 0)
    expect(silent.length).toBeGreaterThan(1)
    expect(named(report, 'fail')).toEqual([
      ...silent.map(({ scene }) => `order-notice/${scene}`),
      'order-notice/answers-in-time',
    ])
    expect(named(report, 'unplayed')).toEqual([])
  })

  it('because there is none is unreachable', async () => {
    const gone = await seller()
    await gone.close()
    expect(await check(gone.url)).toEqual({ type: 'unreachable', why: 'no_connection' })
  })

  it('with a certificate that nobody trusts is unreachable, and gets nothing', async (context) => {
    const pair = selfSigned()
    if (pair === null) {
      console.warn('skipped: there is no openssl to make a certificate with')
      return context.skip('no openssl')
    }
    let received = 0
    const server = createTlsServer(pair, (_request, response) => void response.end(`${received++}`))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const report = await check(`https://localhost:${port}/isv`)
    server.close()
    expect(report).toEqual({ type: 'unreachable', why: 'certificate' })
    expect(received).toBe(0)
  })
})

describe('a server that repeats what it was sent', () => {
  const echo: Habits['sends'] = (response, _body, { query, headers, body }) =>
    response
      .writeHead(404)
      .end(`Cannot serve /isv?${query} with ${JSON.stringify(headers)} ${body} ${MODEL_KEY} ${[...query]}`)

  it('gets neither a signature nor the access key into the report', async () => {
    const { url, received } = await seller(always(echo))
    const report = JSON.stringify(await check(url))
    expect(report).toContain('Cannot serve')
    expect(report).not.toContain(MODEL_KEY)
    const signatures = received.flatMap(({ query, headers }) => [
      query.get('signature'),
      query.get('authToken'),
      headers['x-sign'],
      headers.authtoken,
    ])
    const given = signatures.filter((one) => typeof one === 'string')
    expect(given.length).toBeGreaterThan(100)
    for (const one of given)
      for (const spelled of [one, encodeURIComponent(one)]) expect(report.includes(spelled)).toBe(false)
  })

  it('neither when it cuts them', async () => {
    const sends: Habits['sends'] = (response, _body, { query, headers }) =>
      response.writeHead(400).end(`bad: ${`${query.get('signature') ?? headers['x-sign']}`.slice(0, 50)}…`)
    const { url, received } = await seller(always(sends))
    const report = JSON.stringify(await check(url, { families: ['license-2', 'kit-2'] }))
    const given = received.map(({ query, headers }) => query.get('signature') ?? headers['x-sign'])
    for (const one of given.filter((one) => typeof one === 'string'))
      expect(report).not.toContain(one.slice(0, 20))
  })

  it('in a message of its own neither', async () => {
    const talks = always((response, _body, { query, headers }) => {
      const said = `${query.get('signature')} ${query.get('authToken')} ${headers['x-sign']} ${MODEL_KEY}`
      response.end(JSON.stringify({ resultCode: '000005', resultMsg: said.slice(0, 200) }))
    })
    const { url, received } = await seller(talks)
    const report = JSON.stringify(await check(url, { families: ['license-1', 'license-2', 'kit-2'] }))
    for (const { query, headers } of received)
      for (const one of [query.get('signature'), query.get('authToken'), headers['x-sign']])
        expect(typeof one === 'string' && report.includes(one.slice(0, 40))).toBe(false)
    expect(report).not.toContain(MODEL_KEY)
  })
})
