import { createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { readTarget } from '../../src/store/postgres/connect.ts'
import { postgresView } from '../../src/store/postgres/view.ts'

const message = (type: string, body: string): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')])
}
const READY = message('Z', 'I')

/** A relative of PostgreSQL that lets everybody in and refuses one statement. */
async function refusing(statement: string) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', '\0\0\0\0'), READY]))
      socket.on('data', (bytes) => {
        if (bytes.toString('latin1', 0, 1) !== 'Q') return
        const no = message('E', 'SERROR\0VERROR\0C0A000\0Mno such thing\0\0')
        const isRefused = bytes.includes(statement)
        socket.write(Buffer.concat([isRefused ? no : message('C', 'SET\0'), READY]))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.address() as { port: number }
  return { url: `postgres://licet:secret@127.0.0.1:${port}/licet`, open: () => sockets.size }
}

it.each([
  'set statement_timeout',
  'begin',
  'select 1',
])('a server that refuses "%s" gives no view, and no connection is left that would keep a command', async (statement) => {
  const { url, open } = await refusing(statement)
  await expect(postgresView(readTarget(url))).rejects.toMatchObject({ code: 'failed' })
  await expect.poll(open).toBe(0)
})
