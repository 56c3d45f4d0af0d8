import type { Context, Handler } from 'hono'
import type { Authority } from '../authority/authority.ts'
import type { RawCall } from '../authority/marketplace.ts'
import { receive } from '../authority/receive.ts'
import type { Env } from './app.ts'
import { readBody } from './body.ts'
import { startDeadline } from './deadline.ts'
import { methodNotAllowed } from './methods.ts'
import { problem } from './problem.ts'

/**
 * The seller's production address: `GET|POST /callbacks/{channel}`. A known channel is always answered with
 * HTTP 200 and a signed result code (contract 3.1); an unknown one with 404, another method with 405.
 */
export function callbacks(authority: Authority, deadline: number): Handler<Env> {
  return async (c) => {
    const { method } = c.req
    if (method !== 'GET' && method !== 'POST') return methodNotAllowed(['GET', 'POST'])
    const snapshot = await authority.configuration.current(authority.ambient.now())
    const channel = snapshot.channels.get(c.req.param('channel') ?? '')
    if (channel === undefined) return problem('not_found')
    const { expired, clear } = startDeadline(deadline)
    try {
      const call = await rawCall(c, method, expired)
      const answer = await receive(authority, snapshot, channel, call, expired, c.get('requestId'))
      // Nothing more is read of a body that was cut off, so the connection cannot carry another request.
      const headers = call.body === null ? { ...answer.headers, connection: 'close' } : answer.headers
      return c.body(answer.body, 200, headers)
    } finally {
      clear()
    }
  }
}

async function rawCall(c: Context<Env>, method: 'GET' | 'POST', expired: Promise<void>): Promise<RawCall> {
  const query = rawQuery(c)
  if (method === 'GET') return { method, query, contentType: null, body: new Uint8Array() }
  const body = await readBody(c.req.raw, expired)
  return {
    method,
    query,
    contentType: c.req.header('content-type') ?? null,
    body: body.type === 'read' ? body.bytes : null,
  }
}

/** The request line's own spelling where the host has it: a URL object may re-encode what was signed. */
function rawQuery(c: Context<Env>): string {
  const url = c.env?.incoming?.url ?? c.req.url
  const mark = url.indexOf('?')
  if (mark < 0) return ''
  const end = url.indexOf('#', mark)
  return end < 0 ? url.slice(mark + 1) : url.slice(mark + 1, end)
}
