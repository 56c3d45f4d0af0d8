import { connect, createServer, type Socket } from 'node:net'

/** A way to a database that can be made to swallow everything, as a broken network does: nobody hangs up. */
export interface Swallower {
  readonly port: number
  swallow(): void
  /** What is sent arrives; what comes back does not. */
  swallowAnswers(): void
  passOn(): void
  close(): Promise<void>
}

export async function proxyTo(port: number): Promise<Swallower> {
  const sockets = new Set<Socket>()
  let swallows: 'nothing' | 'answers' | 'everything' = 'nothing'
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      const isLost = () => swallows === 'everything' || (swallows === 'answers' && from === far)
      from.on('data', (bytes) => isLost() || to.write(bytes))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    swallow() {
      swallows = 'everything'
    },
    swallowAnswers() {
      swallows = 'answers'
    },
    passOn() {
      swallows = 'nothing'
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
