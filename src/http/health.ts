import type { Handler } from 'hono'
import type { Authority } from '../authority/authority.ts'
import { readiness } from '../authority/readiness.ts'
import type { Env } from './app.ts'

/** The process answers; nothing else is looked at. */
export function healthz(): Handler<Env> {
  return (c) => c.json({ status: 'ok' })
}

/** 503 only for what makes purchases fail (contract 3); warnings are counts, never ids. */
export function readyz(authority: Authority, builtAt: number): Handler<Env> {
  return async (c) => {
    const ready = await readiness(authority, builtAt)
    return c.json(ready, ready.status === 'ok' ? 200 : 503, { 'cache-control': 'no-store' })
  }
}
