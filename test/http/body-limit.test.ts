import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Desk, openDesk } from '../authority/desk.ts'
import { head, type Listening, listen, parsed, pause, type Wire } from './server.ts'

const LIMIT = 64 * 1024
const DEADLINE = 250

let desk: Desk
let server: Listening
beforeAll(async () => {
  desk = await openDesk()
  server = await listen(desk.authority, { callbackDeadline: DEADLINE })
})
afterAll(async () => {
  await server.close()
  await desk.close()
})

let license: string
beforeEach(() => {
  license = `PL${desk.newOrder()}`
})
const met = () => desk.authority.store.byInstance('huawei', license)

/** A signed call whose body has exactly this many bytes. */
function callOf(bytes: number) {
  const build = (padding: string) =>
    desk.caller.post(
      { activity: 'updateLicenseCodeStatus', license, status: 'UNFREEZE', padding },
      desk.moment(),
    )
  const call = build('x'.repeat(bytes - build('').body!.length))
  const { pathname, search } = new URL(call.url)
  return { ...call, body: call.body!, path: pathname + search }
}

function questionOf(bytes: number): string {
  const empty = JSON.stringify({ code: 'LC1', padding: '' })
  return JSON.stringify({ code: 'LC1', padding: 'x'.repeat(bytes - empty.length) })
}

const TYPE = 'Content-Type: application/json'

/** `Transfer-Encoding: chunked` in pieces of 10,000 bytes. */
function sendChunked({ socket }: Wire, path: string, body: string): void {
  socket.write(head(`POST ${path}`, TYPE, 'Transfer-Encoding: chunked'))
  for (let at = 0; at < body.length; at += 10_000) {
    const piece = body.slice(at, at + 10_000)
    socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`)
  }
  socket.write('0\r\n\r\n')
}

function sendWhole({ socket }: Wire, path: string, body: string): void {
  socket.write(head(`POST ${path}`, TYPE, `Content-Length: ${body.length}`) + body)
}

const REFUSED = { resultCode: '000002', resultMsg: 'request parameter is invalid.' }

describe.each([
  ['with a content-length', sendWhole],
  ['chunked', sendChunked],
] as const)('a body %s', (_, send) => {
  async function post(path: string, body: string) {
    const wire = server.connect()
    send(wire, path, body)
    await wire.closed
    return parsed(wire.heard())
  }

  test('of 64 KiB is a call like any other', async () => {
    const { path, body } = callOf(LIMIT)
    expect(JSON.parse((await post(path, body)).body)).toMatchObject({ resultCode: '000000' })
    expect(await met()).not.toBeNull()
  })

  test.each([
    LIMIT + 1,
    3 * LIMIT,
  ])('of %i bytes is 200 and 000002, signed; nothing is done', async (bytes) => {
    const { path, body } = callOf(bytes)
    const answer = await post(path, body)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual(REFUSED)
    expect(desk.caller.bodySignHolds(answer.body, answer.headers.get('body-sign') ?? null)).toBe(true)
    expect(await met()).toBeNull()
  })

  test('of 64 KiB is a question like any other', async () => {
    expect(await post('/v1/validate', questionOf(LIMIT))).toMatchObject({ status: 200 })
  })

  test.each([LIMIT + 1, 3 * LIMIT])('of %i bytes is 413', async (bytes) => {
    const answer = await post('/v1/validate', questionOf(bytes))
    expect(answer).toMatchObject({ status: 413 })
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'too_large' })
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{16}$/)
  })
})

test('a content-length over the limit is answered before the body comes', async () => {
  const wire = server.connect()
  wire.socket.write(head('POST /v1/validate', TYPE, `Content-Length: ${10 * LIMIT}`))
  await expect.poll(wire.heard).toMatch(/^HTTP\/1\.1 413 /)
  wire.socket.destroy()
})

test('a client that writes all of an oversized body before it reads gets its answer', async () => {
  const wire = server.connect()
  wire.socket.pause()
  // No `Connection: close`: that would let the server hang up as soon as it has answered.
  wire.socket.write(
    `POST /v1/validate HTTP/1.1\r\nHost: 127.0.0.1\r\n${TYPE}\r\nContent-Length: ${8 * LIMIT}\r\n\r\n`,
  )
  for (let piece = 0; piece < 8; piece++) {
    await pause(10)
    wire.socket.write('x'.repeat(LIMIT))
  }
  wire.socket.resume()
  await expect.poll(wire.heard).toMatch(/^HTTP\/1\.1 413 /)
  wire.socket.destroy()
})

describe('a body that does not end', () => {
  test('is 000002 at the deadline, not later', async () => {
    const { path, body } = callOf(1_000)
    const wire = server.connect()
    const began = performance.now()
    wire.socket.write(head(`POST ${path}`, TYPE, `Content-Length: ${body.length}`) + body.slice(0, 500))
    await expect.poll(wire.heard, { interval: 10 }).toMatch(/^HTTP\/1\.1 200 /)
    expect(performance.now() - began).toBeLessThan(DEADLINE + 250)
    expect(JSON.parse(parsed(wire.heard()).body)).toEqual(REFUSED)
    wire.socket.destroy()
    expect(await met()).toBeNull()
  })

  test('is 000002 at the deadline also when it trickles', async () => {
    const { path, body } = callOf(1_000)
    const wire = server.connect()
    wire.socket.write(head(`POST ${path}`, TYPE, 'Transfer-Encoding: chunked'))
    for (let sent = 0; sent < 40 && wire.heard() === ''; sent++) {
      wire.socket.write(`1\r\n${body[sent]}\r\n`)
      await pause(20)
    }
    expect(JSON.parse(parsed(wire.heard()).body)).toEqual(REFUSED)
    wire.socket.destroy()
  })

  test('because the client went away leaves no trace and no error', async () => {
    const { path, body } = callOf(1_000)
    const before = desk.lines.length
    for (const target of [path, '/v1/validate']) {
      const wire = server.connect()
      wire.socket.write(head(`POST ${target}`, TYPE, `Content-Length: ${body.length}`) + body.slice(0, 500))
      await pause(20)
      wire.socket.destroy()
    }
    await expect.poll(() => desk.lines.length).toBe(before + 2)
    await pause(20)
    const told = desk.lines.slice(before).map(({ level, event, detail }) => [level, event, detail?.route])
    expect(told).toEqual([
      ['info', 'request', '/callbacks/:channel'],
      ['info', 'request', '/v1/validate'],
    ])
    expect(await met()).toBeNull()
  })

  test('comes in time when it is slow but ends before the deadline', async () => {
    const { path, body } = callOf(1_000)
    const wire = server.connect()
    wire.socket.write(head(`POST ${path}`, TYPE, `Content-Length: ${body.length}`) + body.slice(0, 500))
    await pause(80)
    wire.socket.write(body.slice(500))
    await wire.closed
    expect(JSON.parse(parsed(wire.heard()).body)).toMatchObject({ resultCode: '000000' })
  })
})

test('a chunked body of a broken form is refused by the host, and changes nothing', async () => {
  const { path } = callOf(1_000)
  const wire = server.connect()
  wire.socket.write(`${head(`POST ${path}`, TYPE, 'Transfer-Encoding: chunked')}zz\r\nhello\r\n0\r\n\r\n`)
  await wire.closed
  expect(wire.heard()).not.toMatch(/^HTTP\/1\.1 5/)
  expect(await met()).toBeNull()
})

test('a body with two lengths is refused by the host: the small one does not let the large one in', async () => {
  const { path, body } = callOf(2 * LIMIT)
  const wire = server.connect()
  const lengths = ['Content-Length: 10', 'Transfer-Encoding: chunked']
  wire.socket.write(
    `${head(`POST ${path}`, TYPE, ...lengths)}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  )
  await wire.closed
  expect(wire.heard()).toMatch(/^(HTTP\/1\.1 400 |$)/)
  expect(await met()).toBeNull()
})
