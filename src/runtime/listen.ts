import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Ambient } from '../authority/host.ts'
import type { createApp } from '../http/app.ts'
import { problem } from '../http/problem.ts'
import { newRequestId, send } from '../http/reply.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { type Drain, drainOf } from './drain.ts'

/** Milliseconds a client may take to send its headers, and its whole request. */
const HEADERS_TIMEOUT = 10_000
const REQUEST_TIMEOUT = 15_000

const OPTIONS = {
  headersTimeout: HEADERS_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  // Node.js would refuse a request without a host by itself, without a request id; as one it cannot read it is refused below.
  requireHostHeader: false,
}

export interface Listening extends Drain {
  readonly port: number
}

/**
 * An HTTP server on the configured address. What never reaches the app, since it is no HTTP or names no possible
 * address, gets the same kind of answer as what does. Rejects with `CannotStart` when the address cannot be used.
 */
export function listening(
  fetch: ReturnType<typeof createApp>['fetch'],
  ambient: Ambient,
  { host, port }: Config,
): Promise<Listening> {
  const refusal = () => send(problem('malformed_request'), newRequestId({ ambient }))
  const answer = getRequestListener(fetch, { errorHandler: refusal })
  const server = createServer(OPTIONS)
  const { stop } = drainOf(server)
  server.on('request', answer)
  // An expectation nobody knows may be passed over (RFC 9110 10.1.1); by itself Node.js refuses it without a request id.
  server.on('checkExpectation', answer)
  server.on('clientError', (_, socket: Socket) => void refuse(socket, refusal()))
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotStart(`Cannot listen on ${host}:${port}: ${error.code ?? error.message}.`)),
    )
    server.listen(port, host, () => resolve({ port: (server.address() as AddressInfo).port, stop }))
  })
}

/** Answers on a connection whose request could not be read, and ends it. */
async function refuse(socket: Socket, response: Response): Promise<void> {
  const body = await response.text()
  if (!socket.writable) return
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`
  socket.end(`HTTP/1.1 400 Bad Request\r\n${head}${length}connection: close\r\n\r\n${body}`)
}
