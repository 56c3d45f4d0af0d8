import { Hono } from 'hono'
import type { Authority } from '../authority/authority.ts'
import { describe } from '../authority/receive.ts'
import { callbacks } from './callbacks.ts'
import { healthz, readyz } from './health.ts'
import { jwks, publishedKeys } from './keys.ts'
import { problem } from './problem.ts'
import { type Answering, newRequestId, route, send } from './reply.ts'
import { revocations } from './revocations.ts'
import { validation } from './validate.ts'

/** What a host may pass along with a request; only Node.js has the request line as it was sent. */
export interface Bindings {
  readonly incoming?: { readonly url?: string }
}

export type Env = { Bindings: Bindings; Variables: { requestId: string } }

export interface AppOptions {
  /** Milliseconds until a callback is answered whatever hangs. */
  readonly callbackDeadline: number
  /** Unix seconds; a clock before it is wrong. */
  readonly builtAt: number
}

/** Every route of the server (contract 3). Other methods get 405, other addresses 404, each as problem+json. */
export function createApp(authority: Authority, options: AppOptions): Hono<Env> {
  const app = new Hono<Env>()
  const on = (path: string, methods: readonly string[], answer: Answering) =>
    app.all(path, route(authority, methods, answer))
  on('/callbacks/:channel', ['GET', 'POST'], callbacks(authority, options.callbackDeadline))
  on('/v1/validate', ['POST'], validation(authority))
  on('/v1/keys', ['GET', 'HEAD'], publishedKeys(authority))
  on('/v1/revocations/:product', ['GET', 'HEAD'], revocations(authority))
  on('/.well-known/jwks.json', ['GET', 'HEAD'], jwks(authority))
  on('/healthz', ['GET', 'HEAD'], healthz)
  on('/readyz', ['GET', 'HEAD'], readyz(authority, options.builtAt))
  app.notFound(() => send(problem('not_found'), newRequestId(authority)))
  app.onError((thrown, c) => {
    const requestId = c.get('requestId')
    authority.log.error('request_failed', { requestId, error: describe(thrown) })
    return send(problem('unavailable'), requestId)
  })
  return app
}
