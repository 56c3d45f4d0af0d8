import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type worker from '../../src/runtime/worker.ts'
import type { WorkerEnv } from '../../src/runtime/worker-instance.ts'

export type WorkerModule = Pick<typeof worker, 'fetch'>

export interface WorkerServer {
  readonly url: string
  close(): Promise<void>
}

/** The code of a Worker in this process behind a port, as an isolate that begins now: it knows nothing yet. */
export async function workerServer(code: WorkerModule, env: WorkerEnv): Promise<WorkerServer> {
  const own = { ...env }
  const server = createServer(async (incoming, outgoing) => {
    const answer = await code.fetch(await requestOf(incoming), own, { waitUntil: () => undefined })
    outgoing.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const { method = 'GET', headers, url } = incoming
  const body = await buffer(incoming)
  return new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
    body: method === 'GET' ? null : new Uint8Array(body),
  })
}
