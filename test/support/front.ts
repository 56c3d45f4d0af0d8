import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A listening socket that outlives the program behind it, as a socket unit of systemd or a load balancer keeps one. */
export interface Front {
  readonly url: string
  /** New connections go there from now on; null: they wait until somebody is there again. */
  to(url: string | null): void
  close(): Promise<void>
}

const AGAIN_MS = 20

export async function front(): Promise<Front> {
  let behind: string | null = null
  const open = new Set<Socket>()
  const pass = (client: Socket) => {
    open.add(client)
    client.on('error', () => undefined)
    client.once('close', () => open.delete(client))
    const next = () => {
      if (client.destroyed) return
      if (behind === null) return void setTimeout(next, AGAIN_MS)
      const { hostname, port } = new URL(behind)
      const server = connect(Number(port), hostname)
      server.once('connect', () => {
        client.pipe(server).pipe(client)
        server.once('close', () => client.destroy())
        client.once('close', () => server.destroy())
      })
      server.on('error', () => server.destroy())
    }
    next()
  }
  const listening = createServer(pass).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return {
    url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    to(url) {
      behind = url
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => listening.close(resolve))
    },
  }
}
