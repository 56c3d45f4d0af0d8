import type { Context, Handler } from 'hono'
import type { Authority } from '../authority/authority.ts'
import type { LogDetail } from '../authority/host.ts'
import { describe } from '../authority/receive.ts'
import { toHex } from '../format/bytes.ts'
import type { Env } from './app.ts'
import { problem } from './problem.ts'
import { logRequest } from './request-log.ts'

/** An answer as data; `send` makes it a response. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** null where the status allows no body. */
  readonly body: string | null
  /** For the log line of the request: ids, codes and counts. */
  readonly told?: LogDetail
}

export type Answering = (c: Context<Env>, requestId: string) => Reply | Promise<Reply>

/**
 * A route that answers these methods and refuses the others with 405 and `Allow` (RFC 9110 15.5.6). What is thrown is
 * a bug or an outage: logged, and answered with 503. One line of the log per request.
 */
export function route(
  authority: Authority,
  path: string,
  methods: readonly string[],
  answer: Answering,
): Handler<Env> {
  return async (c) => {
    const began = authority.ambient.nowMs()
    const requestId = newRequestId(authority)
    const { method } = c.req
    const reply = methods.includes(method)
      ? await answered(authority, answer, c, requestId)
      : problem('method_not_allowed', undefined, { allow: methods.join(', ') })
    logRequest(authority, { requestId, method, route: path, began }, reply)
    return send(reply, requestId)
  }
}

async function answered(
  authority: Authority,
  answer: Answering,
  c: Context<Env>,
  requestId: string,
): Promise<Reply> {
  try {
    return await answer(c, requestId)
  } catch (thrown) {
    authority.log.error('request_failed', { requestId, error: describe(thrown) })
    return problem('unavailable')
  }
}

export const newRequestId = ({ ambient }: Pick<Authority, 'ambient'>): string => toHex(ambient.random(8))

/**
 * Every response carries its request id. The headers are handed over as a plain object, which the Node.js host
 * writes as it is; a Headers object would be built and taken apart again for every answer.
 */
export function send({ status, headers, body }: Reply, requestId: string): Response {
  return new Response(body, { status, headers: { ...headers, 'x-request-id': requestId } })
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
}
