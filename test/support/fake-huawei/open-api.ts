import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import type { Books, MarketCode } from '../../../src/marketplace/huawei/desk/open-api/books.ts'
import type { Arrived } from '../../../src/marketplace/huawei/desk/open-api/sdk-check.ts'
import {
  type Gate,
  serveOpenApi,
  signatureFault,
  unauthorized,
} from '../../../src/marketplace/huawei/desk/open-api/serve.ts'

export interface OpenApiOptions extends Gate {
  readonly nowMs: () => number
  /** The name that callers know it by, where that is not its address. */
  readonly host?: string
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** How it behaves in place of doing its work. */
export type Behaviour = (response: ServerResponse, received: Received) => void | Promise<void>

export interface Received extends Arrived {
  readonly body: Buffer
  /** null when it was signed right. */
  readonly fault: string | null
}

/** The desk's open APIs on books that a test writes, and on a server that misbehaves when told to. */
export interface OpenApi {
  readonly url: string
  /** Everything that arrived, oldest first. */
  readonly received: readonly Received[]
  /** Facts of orders, by order id, as the document writes them. */
  readonly orders: Map<string, object>
  /** What was uploaded, by event id: a text, or a file with its digest checked. */
  readonly uploads: Map<string, string>
  /** License 2.0 codes, which are activated once. Any other code is alive and activated however often. */
  readonly codes: Map<string, MarketCode>
  /** The next requests are answered so; afterwards it works again. */
  next(...behaviours: readonly Behaviour[]): void
  /** It works from now on, whatever it was told before. */
  forgive(): void
  close(): Promise<void>
}

export async function openApi(options: OpenApiOptions): Promise<OpenApi> {
  const { tls } = options
  const received: Received[] = []
  const behaviours: Behaviour[] = []
  const state = {
    orders: new Map<string, object>(),
    uploads: new Map<string, string>(),
    codes: new Map<string, MarketCode>(),
  }
  const books = booksOf(state)
  const listen = async (request: IncomingMessage, response: ServerResponse) => {
    const arrived = await arrivedOf(request, options.host)
    const fault = signatureFault(nodeCrypto, arrived, options, options.nowMs())
    const known = { ...arrived, fault }
    received.push(known)
    const behave = behaviours.shift()
    if (behave !== undefined) return behave(response, known)
    const answered =
      fault === null ? await serveOpenApi(nodeCrypto, books, arrived) : unauthorized(arrived, fault)
    json(answered.status, answered.json)(response, known)
  }
  const server = tls === undefined ? createServer(listen) : createTlsServer({ ...tls }, listen)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...state,
    received,
    url: `${tls === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${port}`,
    next: (...more) => void behaviours.push(...more),
    forgive: () => void behaviours.splice(0),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function arrivedOf(request: IncomingMessage, host: string | undefined) {
  const headers = { ...(request.headers as Record<string, string>), ...(host !== undefined && { host }) }
  return { method: request.method!, target: request.url!, headers, body: await buffer(request) }
}

/** A JSON answer. */
export function json(status: number, body: unknown): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
}

const ANY_CODE: MarketCode = {
  status: 'ALIVE',
  expireTime: '20271121080910',
  productId: '12345',
  orderId: 'CS123',
  amount: 2,
  activateTime: '20261121080910',
}

function booksOf({ orders, uploads, codes }: Pick<OpenApi, 'orders' | 'uploads' | 'codes'>): Books {
  return {
    order: (id) => orders.get(id) ?? null,
    expects: () => true,
    uploaded: (event, text) => void uploads.set(event, text),
    activate(id) {
      const code = codes.get(id)
      if (code === undefined) return ANY_CODE
      if (code.activateTime !== null || code.status === 'RELEASED') return 92020003
      const activated = { ...code, activateTime: ANY_CODE.activateTime }
      codes.set(id, activated)
      return activated
    },
    code(id) {
      const code = codes.get(id) ?? ANY_CODE
      return code.activateTime === null ? 92020011 : code
    },
    usage: () => undefined,
  }
}
