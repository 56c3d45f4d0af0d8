import type { Context, Handler } from 'hono'
import type { Authority } from '../authority/authority.ts'
import { toHex } from '../format/bytes.ts'
import type { Env } from './app.ts'
import { problem } from './problem.ts'

/** An answer as data; `send` makes it a response. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** null where the status allows no body. */
  readonly body: string | null
}

export type Answering = (c: Context<Env>, requestId: string) => Reply | Promise<Reply>

/** A route that answers these methods and refuses the others with 405 and `Allow` (RFC 9110 15.5.6). */
export function route(authority: Authority, methods: readonly string[], answer: Answering): Handler<Env> {
  return async (c) => {
    const requestId = newRequestId(authority)
    c.set('requestId', requestId)
    const allowed = methods.includes(c.req.method)
    return send(allowed ? await answer(c, requestId) : methodNotAllowed(methods), requestId)
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

const methodNotAllowed = (methods: readonly string[]): Reply =>
  problem('method_not_allowed', undefined, { allow: methods.join(', ') })
