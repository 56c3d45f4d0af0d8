import type { Context } from 'hono'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { Channel, RawCall } from '../authority/marketplace.ts'
import { apologise, describe, receive } from '../authority/receive.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { Env } from './app.ts'
import { readBody } from './body.ts'
import { startDeadline } from './deadline.ts'
import { problem } from './problem.ts'
import type { Answering, Reply } from './reply.ts'

/**
 * The seller's production address: `GET|POST /callbacks/{channel}`. A known channel is always answered with
 * HTTP 200 and a signed result code (contract 3.1); an unknown one with 404, another method with 405.
 */
export function callbacks(authority: Authority, deadline: number): Answering {
  return within(deadline, (c, expired, requestId) =>
    answerCall(authority, c, rawCall(c, expired), null, expired, requestId),
  )
}

/**
 * What a marketplace calls below the production address: `GET|POST /callbacks/{channel}/…`, answered as that is. An
 * address that the channel's marketplace does not call is answered with 404.
 */
export function callbacksBelow(authority: Authority, deadline: number): Answering {
  return within(deadline, (c, expired, requestId) => {
    const address = addressBelow(c)
    const below = { address, headers: c.req.header() }
    const arriving = rawCall(c, expired, MOST_LISTED).then((call): RawCall => ({ ...call, below }))
    return answerCall(authority, c, arriving, address, expired, requestId)
  })
}

function within(
  deadline: number,
  answer: (c: Context<Env>, expired: Promise<void>, requestId: string) => Promise<Reply>,
): Answering {
  return async (c, requestId) => {
    const { expired, clear } = startDeadline(deadline)
    try {
      return await answer(c, expired, requestId)
    } finally {
      clear()
    }
  }
}

/**
 * Bytes of a body below a production address, where whole lists are sent: 500 users with every field they may have
 * (reference 9.3) are about 200 KB.
 */
const MOST_LISTED = 256 * 1024

/** What follows the name of the channel, as it was sent. */
const addressBelow = ({ req: { path } }: Context<Env>): string =>
  path.slice(path.indexOf('/', CHANNELS.length))

const CHANNELS = '/callbacks/'

async function answerCall(
  authority: Authority,
  c: Context<Env>,
  arriving: Promise<RawCall>,
  below: string | null,
  expired: Promise<void>,
  requestId: string,
): Promise<Reply> {
  const reading = await readSnapshot(authority, expired)
  const snapshot = reading.ok ? reading.value : authority.configuration.last()
  if (snapshot === null) return problem('unavailable')
  const channel = snapshot.channels.get(c.req.param('channel') ?? '')
  if (channel === undefined || (below !== null && !calls(authority, channel, below)))
    return problem('not_found')
  const call = await arriving
  if (!reading.ok) authority.log.error('callback_failed', { requestId, error: reading.no })
  const answer = reading.ok
    ? await receive(authority, snapshot, channel, call, expired, requestId)
    : apologise(authority, channel, call)
  return { status: 200, ...answer }
}

const calls = ({ marketplaces }: Authority, { kind }: Channel, address: string): boolean =>
  marketplaces.get(kind)?.addresses.has(address) === true

/** No when the store fails or does not answer in time. */
function readSnapshot(authority: Authority, expired: Promise<void>): Promise<Result<Snapshot, string>> {
  const current = authority.configuration.current(authority.ambient.now())
  return Promise.race([
    current.then(yes, (thrown: unknown) => no(describe(thrown))),
    expired.then(() => no('the store does not answer')),
  ])
}

async function rawCall(c: Context<Env>, expired: Promise<void>, most?: number): Promise<RawCall> {
  const query = rawQuery(c)
  if (c.req.method === 'GET') return { method: 'GET', query, contentType: null, body: new Uint8Array() }
  const body = await readBody(c.req.raw, expired, most)
  return {
    method: 'POST',
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
