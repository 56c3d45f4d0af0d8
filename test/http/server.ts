import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { serve } from '@hono/node-server'
import type { Authority } from '../../src/authority/authority.ts'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { type AppOptions, createApp } from '../../src/http/app.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'

/** Nothing is reached from here; a test of what is called brings its own. */
const NOWHERE: Transport = { send: async () => ({ type: 'failed', why: 'no_connection' }) }

export const OPTIONS: AppOptions = { callbackDeadline: 4_000, builtAt: NOON - 86_400, transport: NOWHERE }

export interface Listening {
  readonly url: string
  /** Sends a call, which was built for the public address, to this one. */
  call(call: HuaweiCall): Promise<Response>
  /** A connection to write to by hand; what it hears is collected. */
  connect(): Wire
  close(): Promise<void>
}

export interface Wire {
  readonly socket: Socket
  heard(): string
  /** Resolves when the server has hung up. */
  readonly closed: Promise<void>
}

/** The application on a real socket. */
export async function listen(authority: Authority, options: Partial<AppOptions> = {}): Promise<Listening> {
  const { fetch: handle } = createApp(authority, { ...OPTIONS, ...options })
  const server = await new Promise<Server>((resolve) => {
    const made = serve({ fetch: handle, hostname: '127.0.0.1', port: 0 }, () => resolve(made)) as Server
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    call({ method, url: signed, headers, body }) {
      const { pathname, search } = new URL(signed)
      return fetch(`${url}${pathname}${search}`, { method, headers, body })
    },
    connect: () => wire(port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function wire(port: number): Wire {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (data) => {
    heard += data.toString('latin1')
  })
  // A server that hangs up on an unfinished request is part of what is tested.
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  return { socket, heard: () => heard, closed }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The head of a request by hand; it ends after its body. */
export function head(request: string, ...headers: readonly string[]): string {
  return [`${request} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n')
}

/** Status, headers in lower case, and body of a response that was read by hand. */
export function parsed(heard: string): { status: number; headers: Map<string, string>; body: string } {
  const cut = heard.indexOf('\r\n\r\n')
  const [line = '', ...fields] = heard.slice(0, cut).split('\r\n')
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
    }),
  )
  return { status: Number(line.split(' ')[1]), headers, body: heard.slice(cut + 4) }
}
