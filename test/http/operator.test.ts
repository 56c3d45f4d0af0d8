import { describe, expect, it } from 'vitest'
import type { Log, LogDetail } from '../../src/authority/host.ts'
import { MOST_REQUEST, OPERATOR_PATH, type RemoteStep } from '../../src/authority/remote.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { createOperatorDoor, type Statements } from '../../src/http/operator.ts'
import { ambient } from '../../src/runtime/ambient.ts'

const TOKEN = 'operator-token-of-the-tests-000001'
const NAME = '0'.repeat(25)
const KNOWN = 'select 1'

interface Opened {
  send(body: unknown, changed?: RequestInit): Promise<Response>
  readonly ran: readonly string[]
  readonly lines: readonly string[]
}

function open(
  changed: Partial<Statements> = {},
  token = TOKEN,
  publicUrl: string | null = 'https://licenses.example.com',
): Opened {
  const ran: string[] = []
  const lines: string[] = []
  const statements: Statements = {
    knows: (sql) => sql === KNOWN,
    async all(sql, values) {
      ran.push(sql)
      return [{ values }]
    },
    async write(_, steps: readonly RemoteStep[]) {
      ran.push(...steps.map(({ sql }) => sql))
      return 'committed'
    },
    hasToken: async (name) => name === NAME,
    ...changed,
  }
  const line = (event: string, detail?: LogDetail) => void lines.push(JSON.stringify({ event, ...detail }))
  const log: Log = { debug: line, info: line, warn: line, error: line }
  const door = createOperatorDoor({ ambient, log, crypto: nodeCrypto, publicUrl }, statements, token)
  return {
    ran,
    lines,
    send: (body, init = {}) =>
      door(
        new Request(`https://licet.example${OPERATOR_PATH}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKEN}` },
          body: typeof body === 'string' ? body : JSON.stringify(body),
          ...init,
        }),
      ),
  }
}

const ROWS = { ask: 'rows', sql: KNOWN, values: [1, 'two', null] }

const problemOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code: string }).code,
]

describe('the door of the operator', () => {
  it('answers with rows, with what became of a write, and with whether it landed', async () => {
    const { send } = open()
    expect(await (await send(ROWS)).json()).toEqual({ rows: [{ values: [1, 'two', null] }] })
    const step = { sql: KNOWN, values: [], expect: 'one' }
    expect(await (await send({ ask: 'write', token: NAME, steps: [step] })).json()).toEqual({
      outcome: 'committed',
    })
    expect(await (await send({ ask: 'landed', token: NAME })).json()).toEqual({ landed: true })
    expect(await (await send({ ask: 'landed', token: '1'.repeat(25) })).json()).toEqual({ landed: false })
  })

  it('tells the address that the Worker signs as, and that it has none yet', async () => {
    const told = async (opened: Opened) => (await opened.send({ ask: 'public_url' })).json()
    expect(await told(open())).toEqual({ publicUrl: 'https://licenses.example.com' })
    expect(await told(open({}, TOKEN, null))).toEqual({ publicUrl: null })
  })

  it('carries a request id and is kept by no cache', async () => {
    const { headers } = await open().send(ROWS)
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['no token', {}],
    ['another token', { authorization: `Bearer ${TOKEN}x` }],
    ['a part of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['the token in lower case scheme', { authorization: `bearer ${TOKEN}` }],
  ])('is shut for %s', async (_, headers) => {
    const { send, ran } = open()
    const response = await send(ROWS, { headers })
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await problemOf(response)).toEqual([401, 'unauthorized'])
    expect(ran).toEqual([])
  })

  it('is shut for everybody when its own token is too short', async () => {
    const { send } = open({}, 'short')
    const headers = { authorization: 'Bearer short' }
    expect((await send(ROWS, { headers })).status).toBe(401)
  })

  it('runs no statement that it has not compiled itself, alone or among others', async () => {
    const { send, ran } = open()
    const foreign = { ...ROWS, sql: 'drop table licenses' }
    expect(await problemOf(await send(foreign))).toEqual([409, 'versions_differ'])
    const steps = [ROWS, foreign].map(({ sql, values }) => ({ sql, values }))
    expect(await problemOf(await send({ ask: 'write', token: NAME, steps }))).toEqual([
      409,
      'versions_differ',
    ])
    expect(ran).toEqual([])
  })

  it.each([
    ['no JSON', '{'],
    ['a list', []],
    ['nothing to ask', {}],
    ['another question', { ask: 'compact' }],
    ['no statement', { ask: 'rows', values: [] }],
    ['no values', { ask: 'rows', sql: KNOWN }],
    ['a value that is an object', { ...ROWS, values: [{}] }],
    ['a value that is a boolean', { ...ROWS, values: [true] }],
    ['a value that is no whole number', { ...ROWS, values: [1.5] }],
    ['a write without a token', { ask: 'write', steps: [] }],
    ['a write under the token that takes back', { ask: 'write', token: '', steps: [] }],
    ['a step that expects two', { ask: 'write', token: NAME, steps: [{ ...ROWS, expect: 'two' }] }],
    ['steps that are none', { ask: 'write', token: NAME, steps: [KNOWN] }],
  ])('refuses %s as malformed', async (_, body) => {
    const { send, ran } = open()
    expect(await problemOf(await send(body))).toEqual([400, 'malformed_request'])
    expect(ran).toEqual([])
  })

  it('refuses what is too large, and other methods', async () => {
    const { send } = open()
    const large = { ...ROWS, values: ['x'.repeat(MOST_REQUEST)] }
    expect(await problemOf(await send(large))).toEqual([413, 'too_large'])
    const got = await send('', { method: 'GET', body: null })
    expect(got.headers.get('allow')).toBe('POST')
    expect(await problemOf(got)).toEqual([405, 'method_not_allowed'])
  })

  it('counts bytes, not characters', async () => {
    const large = { ...ROWS, values: ['语'.repeat(MOST_REQUEST / 2)] }
    expect(await problemOf(await open().send(large))).toEqual([413, 'too_large'])
  })

  it('reads no further than it must of what is too large, and nothing of what has no token', async () => {
    let read = 0
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          read += 65_536
          if (read > 4 * MOST_REQUEST) controller.error(new Error('all of it was read'))
          else controller.enqueue(new Uint8Array(65_536))
        },
      })
    const streamed = (headers: HeadersInit) =>
      open().send('', { headers, body: endless(), duplex: 'half' } as RequestInit)
    expect((await streamed({})).status).toBe(401)
    expect(read).toBeLessThan(MOST_REQUEST / 2)
    read = 0
    const refused = await streamed({ authorization: `Bearer ${TOKEN}` })
    expect(await problemOf(refused)).toEqual([413, 'too_large'])
    expect(read).toBeLessThan(MOST_REQUEST * 1.5)
  })

  it('refuses a body that is no UTF-8, or does not arrive, as malformed', async () => {
    const { send } = open()
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('hung up')) })
    for (const body of [new Uint8Array([0x22, 0xff, 0x22]), broken])
      expect(await problemOf(await send('', { body, duplex: 'half' } as RequestInit))).toEqual([
        400,
        'malformed_request',
      ])
  })

  it('tells an outage as the sentence that it is', async () => {
    const all = () => Promise.reject(new Error('There is no space left in the D1 database.'))
    const response = await open({ all }).send(ROWS)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('space'),
    })
  })

  it('logs one line per request, without token, statement or value', async () => {
    const { send, lines } = open()
    await send({ ...ROWS, values: ['a-secret-value'] })
    await send(ROWS, { headers: { authorization: 'Bearer wrong-token-wrong-token' } })
    expect(lines).toHaveLength(2)
    expect(lines.join()).not.toMatch(/a-secret-value|wrong-token|operator-token|select/)
  })
})
