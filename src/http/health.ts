import type { Authority } from '../authority/authority.ts'
import { type Readiness, readiness } from '../authority/readiness.ts'
import { inTime, READINESS_DEADLINE } from './deadline.ts'
import { type Answering, json, type Reply } from './reply.ts'

/** The process answers; nothing else is looked at. */
export const healthz: Answering = () => json(200, { status: 'ok' })

/** A database that does not answer takes no sale either. */
const SILENT: Readiness = { status: 'unavailable', reasons: ['database_not_writable'], warnings: [] }

/** 503 only for what makes purchases fail (contract 3); warnings are counts, never ids. */
export function readyz(authority: Authority, builtAt: number, deadline: number): Answering {
  const milliseconds = Math.min(deadline, READINESS_DEADLINE)
  const look = async () => reported(await readiness(authority, builtAt))
  return (_, requestId) => inTime(authority, requestId, milliseconds, look, () => reported(SILENT))
}

function reported(ready: Readiness): Reply {
  const reply = json(ready.status === 'ok' ? 200 : 503, ready, { 'cache-control': 'no-store' })
  return { ...reply, told: { reasons: ready.reasons.join(' ') || undefined } }
}
