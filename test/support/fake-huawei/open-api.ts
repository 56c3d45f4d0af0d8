import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type Arrived, sdkFault } from './sdk-check.ts'

export interface OpenApiOptions {
  readonly credentials: { readonly accessKeyId: string; readonly secret: string }
  /** Of the base interfaces: it signs what usage is pushed. */
  readonly accessKey: string
  readonly nowMs: () => number
  /** The name that callers know it by, where that is not its address. */
  readonly host?: string
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** How it behaves in place of doing its work. */
export type Behaviour = (response: ServerResponse, received: Received) => void | Promise<void>

export interface Received extends Arrived {
  /** null when it was signed right. */
  readonly fault: string | null
}

/** The marketplace's open APIs, on this machine. */
export interface OpenApi {
  readonly url: string
  /** Everything that arrived, oldest first. */
  readonly received: readonly Received[]
  /** Facts of orders, by order id, as the document writes them. */
  readonly orders: Map<string, object>
  /** What was uploaded, by event id: a text, or a file with its digest checked. */
  readonly uploads: Map<string, string>
  /** The next requests are answered so; afterwards it works again. */
  next(...behaviours: readonly Behaviour[]): void
  close(): Promise<void>
}

export async function openApi(options: OpenApiOptions): Promise<OpenApi> {
  const { tls } = options
  const received: Received[] = []
  const behaviours: Behaviour[] = []
  const state = { orders: new Map<string, object>(), uploads: new Map<string, string>() }
  const listen = async (request: IncomingMessage, response: ServerResponse) => {
    const arrived = await arrivedOf(request, options.host)
    const known = { ...arrived, fault: faultOf(arrived, options) }
    received.push(known)
    const behave = behaviours.shift()
    if (behave !== undefined) return behave(response, known)
    if (known.fault !== null) return unauthorized(response, known)
    json(200, await worked(arrived, state))(response, known)
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
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function arrivedOf(request: IncomingMessage, host: string | undefined): Promise<Arrived> {
  const headers = { ...(request.headers as Record<string, string>), ...(host !== undefined && { host }) }
  return { method: request.method!, target: request.url!, headers, body: await buffer(request) }
}

function faultOf(arrived: Arrived, { credentials, accessKey, nowMs }: OpenApiOptions): string | null {
  if (!arrived.target.endsWith('/isv/usage-data')) return sdkFault(arrived, credentials, nowMs())
  const { signature, ts, nonce } = arrived.headers
  const signed = Buffer.concat([Buffer.from(`ts=${ts}&nonce=${nonce}&body=`), arrived.body])
  return createHmac('sha256', accessKey).update(signed).digest('base64') === signature
    ? null
    : 'a wrong signature'
}

/** As a gateway does that says too much: what was sent comes back. */
const unauthorized: Behaviour = (response, { headers, body, fault }) =>
  json(401, {
    error_code: 'APIGW.0301',
    error_msg: `Incorrect IAM authentication information: ${fault} ${headers.authorization} ${body}`,
  })(response, { headers, body } as Received)

/** A JSON answer. */
export function json(status: number, body: unknown): Behaviour {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
}

type State = Pick<OpenApi, 'orders' | 'uploads'>

async function worked(arrived: Arrived, state: State): Promise<unknown> {
  const { pathname, searchParams } = new URL(arrived.target, 'http://far.side')
  if (pathname.endsWith('/order/query')) {
    const orderInfo = state.orders.get(searchParams.get('orderId') ?? '')
    return orderInfo === undefined
      ? { resultCode: '000002', resultMsg: 'no such order' }
      : { resultCode: '000000', resultMsg: 'success', orderInfo }
  }
  const event = /\/market-event\/([^/]+)\/file$/.exec(pathname)?.[1]
  if (event !== undefined) return uploaded(arrived, decodeURIComponent(event), state)
  if (pathname.endsWith('/license/activate') || pathname.endsWith('/license/heartbeat')) {
    const facts = { status: 'ALIVE', expire_time: '20271121080910', product_id: '12345', amount: 2 }
    const data = pathname.endsWith('/activate') ? { license_code_info: JSON.stringify(facts) } : facts
    return { error_code: '92020000', error_msg: 'success', data }
  }
  if (pathname.endsWith('/isv/usage-data')) return { error_code: 'MKT.0000', error_msg: 'success' }
  return { error_code: '92020000', error_msg: 'success' }
}

async function uploaded({ headers, body }: Arrived, event: string, { uploads }: State): Promise<unknown> {
  const type = headers['content-type'] ?? ''
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  const about = JSON.parse(await new Response(form.get('isvUpdateFileReq')).text())
  const text = about.type === 'FILE' ? await (form.get('file') as File).text() : about.characters
  if (about.type === 'FILE' && createHash('sha256').update(text).digest('hex') !== about.sha256)
    return { error_code: '91381037', error_msg: 'Invalid license format.' }
  uploads.set(event, text)
  return { error_code: 'CBC.0000', error_msg: 'Success' }
}
