import type { MiddlewareHandler } from 'hono'
import { problem } from './problem.ts'

/** Lets only these methods pass; the others get 405 with `Allow` (RFC 9110 15.5.6). */
export function allow(methods: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    if (methods.includes(c.req.method)) return next()
    return methodNotAllowed(methods)
  }
}

export const methodNotAllowed = (methods: readonly string[]): Response =>
  problem('method_not_allowed', undefined, { allow: methods.join(', ') })
