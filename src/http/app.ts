import { Hono } from 'hono'
import type { Authority } from '../authority/authority.ts'
import type { Transport } from '../authority/outgoing/transport.ts'
import { describe } from '../authority/receive.ts'
import { activation } from './activate.ts'
import { callbacks, callbacksBelow } from './callbacks.ts'
import { healthz, readyz } from './health.ts'
import { jwks, publishedKeys } from './keys.ts'
import { guessing, limited } from './limited.ts'
import { problem } from './problem.ts'
import { type Answering, newRequestId, route, send } from './reply.ts'
import { logRequest } from './request-log.ts'
import { revocations } from './revocations.ts'
import { validation } from './validate.ts'

/** What a host may pass along with a request; only Node.js has the request line as it was sent. */
export interface Bindings {
  readonly incoming?: Incoming
}

/** The slice of the Node.js host's request that is used. */
export interface Incoming {
  readonly url?: string
  readonly headers: { readonly 'x-forwarded-for'?: string | string[] }
  readonly socket: { readonly remoteAddress?: string }
}

export type Env = { Bindings: Bindings; Variables: { requestId: string } }

export interface AppOptions {
  /** Milliseconds until a callback, or a question to the store, is answered whatever hangs. */
  readonly callbackDeadline: number
  /** Unix seconds; a clock before it is wrong. */
  readonly builtAt: number
  /** How the marketplace is asked while somebody waits for the answer. */
  readonly transport: Transport
  /**
   * Names who asks, for the limit of questions; null where it is not known, and then there is none. Left out where
   * requests share no memory to count in.
   */
  readonly clientOf?: (incoming: Incoming) => string | null
}

/** Every route of the server (contract 3). Other methods get 405, other addresses 404, each as problem+json. */
export function createApp(authority: Authority, options: AppOptions): Hono<Env> {
  const app = new Hono<Env>()
  const deadline = options.callbackDeadline
  const on = (path: string, methods: readonly string[], answer: Answering) =>
    app.all(path, route(authority, path, methods, answer))
  const limit = limited(authority, options.clientOf)
  const guesses = guessing(authority, options.clientOf)
  // Never limited: a call refused is a sale lost, and a forged one costs no more than its HMAC.
  on('/callbacks/:channel', ['GET', 'POST'], callbacks(authority, deadline))
  on('/callbacks/:channel/*', ['GET', 'POST'], callbacksBelow(authority, deadline))
  on('/v1/activate', ['POST'], limit(activation(authority, options.transport, guesses)))
  on('/v1/validate', ['POST'], limit(validation(authority, deadline)))
  on('/v1/keys', ['GET', 'HEAD'], limit(publishedKeys(authority, deadline)))
  on('/v1/revocations/:product', ['GET', 'HEAD'], limit(revocations(authority, deadline)))
  on('/.well-known/jwks.json', ['GET', 'HEAD'], limit(jwks(authority, deadline)))
  on('/healthz', ['GET', 'HEAD'], healthz)
  on('/readyz', ['GET', 'HEAD'], limit(readyz(authority, options.builtAt, deadline)))
  app.notFound((c) => {
    const requestId = newRequestId(authority)
    const reply = problem('not_found')
    const began = authority.ambient.nowMs()
    logRequest(authority, { requestId, method: c.req.method, route: 'none', began }, reply)
    return send(reply, requestId)
  })
  app.onError((thrown) => {
    const requestId = newRequestId(authority)
    authority.log.error('request_failed', { requestId, error: describe(thrown) })
    return send(problem('unavailable'), requestId)
  })
  return app
}
