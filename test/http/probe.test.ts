import { connect } from 'node:net'
import { afterAll, beforeAll, test } from 'vitest'
import { type Desk, openDesk } from '../authority/desk.ts'
import { type Listening, listen } from './server.ts'

let desk: Desk, server: Listening
beforeAll(async () => {
  desk = await openDesk()
  server = await listen(desk.authority, { callbackDeadline: 300 })
})
afterAll(async () => {
  await server.close()
  await desk.close()
})
const port = () => Number(new URL(server.url).port)
async function naive(head: string, chunks: number, pauseMs: number, chunked: boolean) {
  const socket = connect(port(), '127.0.0.1')
  let err = ''
  socket.on('error', (e: any) => {
    err += e.code + ' '
  })
  socket.pause()
  socket.write(head)
  const data = 'x'.repeat(65_536)
  for (let i = 0; i < chunks && !err; i++) {
    await new Promise<void>((r) => {
      socket.write(chunked ? `10000\r\n${data}\r\n` : data, () => r())
      setTimeout(r, 300)
    })
    await new Promise((r) => setTimeout(r, pauseMs))
  }
  if (chunked) socket.write('0\r\n\r\n')
  let heard = ''
  const done = new Promise<void>((r) => {
    socket.on('close', () => r())
    setTimeout(r, 1500)
  })
  socket.on('data', (d) => {
    heard += d
  })
  socket.resume()
  await done
  socket.destroy()
  return [err, heard.slice(0, 20), heard.length]
}
test('probe', async () => {
  for (const [n, p] of [
    [2, 0],
    [16, 10],
    [16, 60],
  ] as const)
    for (const path of [
      '/v1/validate',
      '/callbacks/huawei?signature=aa&timestamp=' + desk.clock.nowMs() + '&nonce=abcdefgh',
    ])
      for (const chunked of [false, true]) {
        const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${chunked ? 'Transfer-Encoding: chunked' : 'Content-Length: ' + n * 65536}\r\n\r\n`
        console.log(n, p, path.slice(0, 12), chunked, await naive(head, n, p, chunked))
      }
}, 60000)
