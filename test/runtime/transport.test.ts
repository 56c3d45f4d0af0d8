import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createTransport } from '../../src/runtime/transport.ts'
import { selfSigned } from '../support/certificate.ts'
import {
  type Behaviour,
  json,
  type OpenApi,
  type OpenApiOptions,
  openApi,
} from '../support/fake-huawei/open-api.ts'

const OPTIONS: OpenApiOptions = {
  credentials: { accessKeyId: 'AK', secret: 'SK' },
  accessKey: 'key',
  nowMs: Date.now,
}

let far: OpenApi
beforeEach(async () => {
  far = await openApi(OPTIONS)
})
afterEach(() => far.close())

const MIB = 1024 * 1024
const transport = createTransport({ patience: 20_000 })
const impatient = createTransport({ patience: 400 })
const request = (url = `${far.url}/x`, body = '') => {
  const method = body === '' ? ('GET' as const) : ('POST' as const)
  return { method, url, headers: { 'x-mark': 'one' }, body: new TextEncoder().encode(body) }
}
const failed = (why: string) => ({ type: 'failed', why })

describe('the transport', () => {
  test('sends the bytes it was given and brings back status and bytes', async () => {
    far.next(json(500, { a: '你' }))
    const sent = await transport.send(request(undefined, 'bytes'))
    expect(sent).toEqual({ type: 'answered', status: 500, body: new TextEncoder().encode('{"a":"你"}') })
    expect(far.received).toMatchObject([{ method: 'POST', headers: { 'x-mark': 'one' } }])
    expect(far.received[0]!.body.toString()).toBe('bytes')
  })

  test.each([301, 302, 303, 307, 308])('follows no redirect: %i', async (status) => {
    far.next((response) => void response.writeHead(status, { location: `${far.url}/elsewhere` }).end())
    expect(await transport.send(request(undefined, 'secret'))).toEqual(failed('redirect'))
    expect(far.received).toHaveLength(1)
  })

  test('takes 64 KiB', async () => {
    far.next((response) => void response.end(Buffer.alloc(64 * 1024)))
    expect(await transport.send(request())).toMatchObject({ type: 'answered', status: 200 })
  })

  test.each([
    ['announced', { 'content-length': `${100 * MIB}` }],
    ['not announced', {}],
  ])('cuts off 100 MB at 64 KiB, %s', async (_, headers) => {
    let written = 0
    let closed = false
    far.next(async (response) => {
      response.on('close', () => {
        closed = true
      })
      response.writeHead(200, headers)
      for (; written < 100 && !closed; written++) {
        const isRoom = response.write(Buffer.alloc(MIB))
        if (!isRoom && !closed)
          await Promise.race([new Promise((resolve) => response.once('drain', resolve)), pause(100)])
      }
    })
    expect(await transport.send(request())).toEqual(failed('answer_too_large'))
    await vi.waitFor(() => expect(closed).toBe(true))
    expect(written).toBeLessThan(50)
  })

  test.each([
    ['nothing at all', () => undefined],
    ['a head without an end', (response) => void response.writeHead(200).write('{')],
    [
      'a slow drip',
      async (response) => {
        for (let n = 0; n < 100 && !response.destroyed; n++) {
          response.write(' ')
          await pause(50)
        }
      },
    ],
  ] as [string, Behaviour][])('does not wait for ever for %s', async (_, behaviour) => {
    far.next(behaviour)
    const begun = performance.now()
    expect(await impatient.send(request())).toEqual(failed('timeout'))
    expect(performance.now() - begun).toBeLessThan(3_000)
  })

  test('says that an answer was cut off', async () => {
    far.next((response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await transport.send(request())).toEqual(failed('cut_off'))
  })

  test('ends at once when the process does', async () => {
    far.next(() => undefined)
    const stopping = new AbortController()
    setTimeout(() => stopping.abort(), 20)
    expect(await transport.send(request(), stopping.signal)).toEqual(failed('stopping'))
  })

  test.each([
    'http://127.0.0.1:1/x',
    'https://no-such-name.invalid/x',
    'https://127.0.0.1:1/x',
  ])('says that nobody answers at %s', async (url) => {
    expect(await transport.send(request(url))).toEqual(failed('no_connection'))
  })
})

const tls = selfSigned()
if (tls === null) console.warn('Wrong certificates are NOT tested: no openssl')

describe.skipIf(tls === null)('a far side whose certificate nobody trusts', () => {
  test('gets nothing, not even where the environment tells Node not to look', async () => {
    const liar = await openApi({ ...OPTIONS, tls: tls! })
    onTestFinished(() => liar.close())
    expect(await transport.send(request(`${liar.url}/x`, 'secret'))).toEqual(failed('certificate'))
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await transport.send(request(`${liar.url}/x`, 'secret'))).toEqual(failed('certificate'))
    expect(liar.received).toEqual([])
  })
})
