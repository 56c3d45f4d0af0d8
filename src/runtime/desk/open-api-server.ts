import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Failure } from '../../marketplace/huawei/desk/commands.ts'
import type { Answered } from '../../marketplace/huawei/desk/open-api/books.ts'
import type { Arrived } from '../../marketplace/huawei/desk/open-api/sdk-check.ts'
import { localAddress } from '../address.ts'
import { CannotStart } from '../cannot-start.ts'

export interface OpenApiServer {
  readonly url: string
  close(): Promise<void>
}

/** Bytes of a request; a license goes up in far fewer. */
const LONGEST_REQUEST = 2 * 1024 * 1024

/** Bytes of a flood. */
const FLOOD = 100 * 1024 * 1024

/** Serves the open APIs of a desk over HTTP. Rejects with `CannotStart` when the address cannot be used. */
export function serveOpenApis(
  { host, port }: { readonly host: string; readonly port: number },
  answer: (arrived: Arrived) => Promise<Answered | Failure>,
): Promise<OpenApiServer> {
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    if (body === null) return void response.writeHead(413, { connection: 'close' }).end()
    const headers = request.headers as Record<string, string>
    const answered = await answer({ method: request.method ?? '', target: request.url ?? '', headers, body })
    return 'status' in answered && 'json' in answered
      ? send(response, answered.status, answered.json)
      : fail(response, answered)
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CannotStart(`The open APIs cannot listen on ${host}:${port}: ${error.code ?? error.message}.`),
      ),
    )
    server.listen(port, host, () =>
      resolve({
        url: localAddress({ host, port: (server.address() as AddressInfo).port }),
        async close() {
          server.closeAllConnections()
          await new Promise((closed) => server.close(closed))
        },
      }),
    )
  })
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > LONGEST_REQUEST) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
}

function fail(response: ServerResponse, failure: Failure): void {
  switch (failure.type) {
    case 'status':
      send(response, failure.status, { error_msg: 'as asked' })
      break
    case 'code':
      send(response, 200, { error_code: failure.code, error_msg: 'as asked' })
      break
    case 'silence':
      // The connection stays open until the seller gives up, or the desk is closed.
      break
    case 'rubbish':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>')
      break
    case 'redirect':
      response.writeHead(302, { location: 'https://example.com/' }).end()
      break
    case 'flood':
      flood(response)
      break
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"error_code":')
      setImmediate(() => response.destroy())
      break
    default:
      failure satisfies never
  }
}

/** As fast as the seller reads, and no further than he does. */
function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  let left = FLOOD / chunk.length
  const more = (): void => {
    while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more)
    response.end()
  }
  response.on('error', () => undefined)
  more()
}
