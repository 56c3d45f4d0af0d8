import { Hono } from 'hono'
import type { Authority } from '../authority/authority.ts'
import { describe } from '../authority/receive.ts'
import { toHex } from '../format/bytes.ts'
import { callbacks } from './callbacks.ts'
import { healthz, readyz } from './health.ts'
import { jwks, publishedKeys } from './keys.ts'
import { allow } from './methods.ts'
import { problem } from './problem.ts'
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
  app.use(async (c, next) => {
    const requestId = toHex(authority.ambient.random(8))
    c.set('requestId', requestId)
    await next()
    c.res.headers.set('x-request-id', requestId)
  })
  app.all('/callbacks/:channel', callbacks(authority, options.callbackDeadline))
  app.all('/v1/validate', allow(['POST']), validation(authority))
  app.all('/v1/keys', allow(['GET', 'HEAD']), publishedKeys(authority))
  app.all('/.well-known/jwks.json', allow(['GET', 'HEAD']), jwks(authority))
  app.all('/healthz', allow(['GET', 'HEAD']), healthz())
  app.all('/readyz', allow(['GET', 'HEAD']), readyz(authority, options.builtAt))
  app.notFound(() => problem('not_found'))
  app.onError((thrown, c) => {
    authority.log.error('request_failed', { requestId: c.get('requestId'), error: describe(thrown) })
    return problem('unavailable')
  })
  return app
}
