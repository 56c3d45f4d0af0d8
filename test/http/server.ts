import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { serve } from '@hono/node-server'
import type { Authority } from '../../src/authority/authority.ts'
import { type AppOptions, createApp } from '../../src/http/app.ts'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'

export const OPTIONS: AppOptions = { callbackDeadline: 4_000, builtAt: NOON - 86_400 }

export interface Listening {
  readonly url: string
  /** Sends a call built for another host to this one. */
  call(call: HuaweiCall): Promise<Response>
  /** Writes these pieces to a socket, each after its pause, and reads until the server hangs up. */
  raw(...pieces: readonly (string | Uint8Array | { readonly pause: number })[]): Promise<string>
  close(): Promise<void>
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
    raw: (...pieces) => converse(port, pieces),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function converse(
  port: number,
  pieces: readonly (string | Uint8Array | { readonly pause: number })[],
): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      heard += data.toString('latin1')
    })
    socket.on('error', (error) => {
      heard += `<${(error as NodeJS.ErrnoException).code}>`
    })
    socket.on('close', () => resolve())
  })
  for (const piece of pieces) {
    if (typeof piece === 'string' || piece instanceof Uint8Array) socket.write(piece)
    else await new Promise((resolve) => setTimeout(resolve, piece.pause))
  }
  await ended
  return heard
}
