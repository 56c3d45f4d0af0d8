import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { readConfig } from '../../src/runtime/config.ts'
import { type Listening, listening } from '../../src/runtime/listen.ts'

let server: Listening
let port: number

beforeAll(async () => {
  const read = readConfig({ LICET_PORT: '0' })
  if (!read.ok) throw new Error(read.faults.join(' '))
  server = await listening(() => new Response('the app'), ambient, read.config)
  port = server.port
})
afterAll(async () => void (await server.stop()))

const exchange = (request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })

test('a request goes to the app', async () => {
  const answer = await exchange('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  expect(answer).toContain('200 OK')
  expect(answer).toContain('the app')
})

test('an expectation nobody knows is passed over, and the request goes to the app', async () => {
  const answer = await exchange('GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nConnection: close\r\n\r\n')
  expect(answer).toContain('200 OK')
  expect(answer).toContain('the app')
})

test.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a method nobody knows', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n'],
  ['a request line of 20 KB', `GET /?${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
  ['two different lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
])('%s is answered as a malformed request, with a request id', async (_, request) => {
  const answer = await exchange(request)
  expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  expect(answer).toMatch(/x-request-id: [0-9a-f]{16}/)
  expect(answer).toContain('application/problem+json')
  expect(answer).toContain('"code":"malformed_request"')
})

test.each([
  ['never sent anything', ''],
  ['sent half a request', 'GET / HTT'],
  ['never sent its body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab'],
])('a connection that %s does not keep the server from stopping', async (_, sent) => {
  const read = readConfig({ LICET_PORT: '0' })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const own = await listening(async (request) => new Response(await request.text()), ambient, read.config)
  const socket = connect(own.port, '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.write(sent || '', () => resolve()))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await own.stop(200)).toBe(0)
  socket.destroy()
})
