import type { Context, Handler } from 'hono'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { RawCall } from '../authority/marketplace.ts'
import { apologise, describe, receive } from '../authority/receive.ts'
import { no, type Result, yes } from '../domain/result.ts'
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
    const { expired, clear } = startDeadline(deadline)
    try {
      return await answerCall(authority, c, rawCall(c, method, expired), expired)
    } finally {
      clear()
    }
  }
}

async function answerCall(
  authority: Authority,
  c: Context<Env>,
  arriving: Promise<RawCall>,
  expired: Promise<void>,
): Promise<Response> {
  const reading = await readSnapshot(authority, expired)
  const snapshot = reading.ok ? reading.value : authority.configuration.last()
  if (snapshot === null) return problem('unavailable')
  const channel = snapshot.channels.get(c.req.param('channel') ?? '')
  if (channel === undefined) return problem('not_found')
  const call = await arriving
  const requestId = c.get('requestId')
  if (!reading.ok) authority.log.error('callback_failed', { requestId, error: reading.no })
  const answer = reading.ok
    ? await receive(authority, snapshot, channel, call, expired, requestId)
    : apologise(authority, channel, call, requestId)
  return c.body(answer.body, 200, answer.headers)
}

/** No when the store fails or does not answer in time. */
function readSnapshot(authority: Authority, expired: Promise<void>): Promise<Result<Snapshot, string>> {
  const current = authority.configuration.current(authority.ambient.now())
  return Promise.race([
    current.then(yes, (thrown: unknown) => no(describe(thrown))),
    expired.then(() => no('the store does not answer')),
  ])
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
