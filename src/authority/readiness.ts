import { canIssue, daysLeft } from '../domain/keyring.ts'
import type { Seconds } from '../domain/time.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'

export interface Readiness {
  readonly status: 'ok' | 'unavailable'
  /** What makes purchases fail now; empty when ready. */
  readonly reasons: readonly ReadinessReason[]
  /** What will need somebody; counts, never ids. */
  readonly warnings: readonly { readonly warning: ReadinessWarning; readonly count: number }[]
}

export type ReadinessReason = 'database_not_writable' | 'no_usable_signing_key' | 'clock_behind'

export type ReadinessWarning =
  | 'parked_calls'
  | 'development_root'
  | 'key_window_under_60_days'
  | 'no_usable_list_key'
  | 'outgoing_calls_failing'

const KEY_WINDOW_DAYS = 60

/** By so much the clocks of the processes that share a database may differ: each writes the time of its own. */
const CLOCKS_DIFFER: Seconds = 9

/** More deliveries than this are not counted. */
const MOST_DELIVERIES = 1_000

/** Whether purchases can succeed now, and what needs somebody soon (contract 3). Never throws. */
export async function readiness(authority: Authority, builtAt: Seconds): Promise<Readiness> {
  const now = authority.ambient.now()
  try {
    await authority.store.probe()
    const snapshot = await authority.configuration.current(now)
    const newest = (await authority.store.newestEventAt()) ?? 0
    const reasons: ReadinessReason[] = []
    if (!canSign(snapshot, now)) reasons.push('no_usable_signing_key')
    if (now < Math.max(builtAt, newest - CLOCKS_DIFFER)) reasons.push('clock_behind')
    return {
      status: reasons.length === 0 ? 'ok' : 'unavailable',
      reasons,
      warnings: await warnings(authority, snapshot, now),
    }
  } catch (thrown) {
    authority.log.error('not_ready', { error: thrown instanceof Error ? thrown.message : 'unknown' })
    return { status: 'unavailable', reasons: ['database_not_writable'], warnings: [] }
  }
}

function canSign({ keyring }: Snapshot, now: Seconds): boolean {
  return canIssue(keyring.known, 'codes', now) && canIssue(keyring.known, 'statements', now)
}

async function warnings(
  authority: Authority,
  { keyring }: Snapshot,
  now: Seconds,
): Promise<Readiness['warnings']> {
  const closing = keyring.known.filter(
    (key) => key.status === 'active' && daysLeft(key, now) < KEY_WINDOW_DAYS,
  )
  const found = [
    { warning: 'parked_calls', count: await authority.store.parkedCount() },
    { warning: 'development_root', count: keyring.developmentRoot ? 1 : 0 },
    { warning: 'key_window_under_60_days', count: closing.length },
    { warning: 'no_usable_list_key', count: canIssue(keyring.known, 'lists', now) ? 0 : 1 },
    { warning: 'outgoing_calls_failing', count: await failingDeliveries(authority) },
  ] as const
  return found.filter(({ count }) => count > 0)
}

/** Alerts and calls to marketplaces that failed and wait for their next try, and calls that were given up. */
async function failingDeliveries({ store }: Authority): Promise<number> {
  const waiting = await store.dueAlerts(Number.MAX_SAFE_INTEGER, MOST_DELIVERIES)
  const calls = (await store.callTroubles()).reduce((sum, { count }) => sum + count, 0)
  return waiting.filter(({ attempts }) => attempts > 0).length + calls
}
