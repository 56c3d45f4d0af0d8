import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { readConfig } from '../../src/runtime/config.ts'
import { type Listening, listening } from '../../src/runtime/listen.ts'

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A server whose answers wait until they are let go. */
async function slowServer(): Promise<Listening & { readonly answer: () => void }> {
  const read = readConfig({ LICET_PORT: '0' })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const { promise, resolve } = Promise.withResolvers<void>()
  const fetch = async (request: Request) => {
    const text = await request.text()
    if (request.url.endsWith('/slow')) await promise
    return new Response(`whole ${text}`)
  }
  return { ...(await listening(fetch, ambient, read.config)), answer: resolve }
}

interface Wire {
  readonly socket: Socket
  heard(): string
  readonly ended: Promise<void>
}

async function wireTo(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let heard = ''
  socket.on('data', (data) => {
    heard += data.toString()
  })
  socket.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  return { socket, heard: () => heard, ended }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

test('a call under way gets its whole answer, which says that the connection ends', async () => {
  const server = await slowServer()
  const wire = await wireTo(server.port)
  wire.socket.write(get('/slow'))
  await pause(50)
  const stopped = server.stop()
  await pause(400)
  expect(wire.heard()).toBe('')
  server.answer()
  expect(await stopped).toBe(0)
  await wire.ended
  expect(wire.heard()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*whole $/is)
})

test('a connection that was made and not taken yet when the stop begins is taken, and answered', async () => {
  const server = await slowServer()
  const socket = connect(server.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let heard = ''
  socket.on('data', (data) => {
    heard += data.toString()
  })
  socket.write(get('/'))
  // The system makes the connection at once; this process hears of it in a later turn.
  await new Promise<void>((resolve) => process.nextTick(resolve))
  const stopped = server.stop()
  await once(socket, 'close')
  expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*whole $/is)
  expect(await stopped).toBe(0)
})

test('a new connection is refused after a moment, while calls still end', async () => {
  const server = await slowServer()
  const before = await wireTo(server.port)
  before.socket.write(get('/slow'))
  await pause(50)
  const stopped = server.stop()
  await pause(400)
  const [refused] = await once(connect(server.port, '127.0.0.1'), 'error')
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' })
  server.answer()
  expect(await stopped).toBe(0)
  await before.ended
  expect(before.heard()).toContain('whole')
})

test('a request on its way on a kept connection is answered all the same, and the last on it', async () => {
  const server = await slowServer()
  const wire = await wireTo(server.port)
  wire.socket.write(get('/'))
  await expect.poll(wire.heard).toContain('whole')
  expect(wire.heard()).toMatch(/connection: keep-alive/i)
  const before = wire.heard().length
  const stopped = server.stop()
  await pause(20)
  wire.socket.write(get('/'))
  expect(await stopped).toBe(0)
  await wire.ended
  expect(wire.heard().slice(before)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*whole $/is)
})

test('a kept connection that nobody uses does not hold it up', async () => {
  const server = await slowServer()
  const wire = await wireTo(server.port)
  wire.socket.write(get('/'))
  await expect.poll(wire.heard).toContain('whole')
  const began = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - began).toBeLessThan(1_500)
  await wire.ended
})

test('a body that is still coming may come to its end', async () => {
  const server = await slowServer()
  const wire = await wireTo(server.port)
  wire.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab')
  await pause(50)
  const stopped = server.stop()
  await pause(500)
  wire.socket.write('cd')
  expect(await stopped).toBe(0)
  await wire.ended
  expect(wire.heard()).toContain('whole abcd')
})

test('a call that does not end is cut off at the limit, and counted', async () => {
  const server = await slowServer()
  const wires = [await wireTo(server.port), await wireTo(server.port)]
  for (const wire of wires) wire.socket.write(get('/slow'))
  const half = await wireTo(server.port)
  half.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab')
  await pause(50)
  const began = performance.now()
  expect(await server.stop(600)).toBe(2)
  expect(performance.now() - began).toBeLessThan(1_500)
  for (const wire of [...wires, half]) await wire.ended
  expect(wires.map((wire) => wire.heard())).toEqual(['', ''])
})
