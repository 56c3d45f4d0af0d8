import type { Authority } from '../authority/authority.ts'
import { readiness } from '../authority/readiness.ts'
import { type Answering, json } from './reply.ts'

/** The process answers; nothing else is looked at. */
export const healthz: Answering = () => json(200, { status: 'ok' })

/** 503 only for what makes purchases fail (contract 3); warnings are counts, never ids. */
export function readyz(authority: Authority, builtAt: number): Answering {
  return async () => {
    const ready = await readiness(authority, builtAt)
    return json(ready.status === 'ok' ? 200 : 503, ready, { 'cache-control': 'no-store' })
  }
}
