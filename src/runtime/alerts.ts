import type { Authority } from '../authority/authority.ts'
import type { QueuedAlert } from '../authority/ports.ts'
import { rfc3339 } from '../authority/view.ts'

/** Milliseconds a webhook may take to answer. */
const TIMEOUT = 5_000
const LONGEST_WAIT = 3_600
const BATCH = 20

/**
 * Tells `url` of what is queued, oldest first; without a url the log is told. An alert is settled once it
 * was accepted, and tried again after 2, 4, 8 … seconds, at most an hour, until it is.
 */
export async function sendAlerts(authority: Authority, url: string | null): Promise<void> {
  for (const queued of await authority.store.dueAlerts(authority.ambient.now(), BATCH)) {
    if (url === null) authority.log.warn('alert', { kind: queued.alert.kind, ...queued.alert.detail })
    if (url === null || (await isAccepted(url, queued))) await authority.store.settleAlert(queued.id)
    else await postpone(authority, queued)
  }
}

async function isAccepted(url: string, { alert }: QueuedAlert): Promise<boolean> {
  const { kind, detail, at } = alert
  const body = JSON.stringify({ kind, at: rfc3339(at), ...detail })
  const headers = { 'content-type': 'application/json' }
  try {
    const request = {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    } as const
    return (await fetch(url, request)).ok
  } catch {
    return false
  }
}

async function postpone(authority: Authority, { id, attempts }: QueuedAlert): Promise<void> {
  const wait = Math.min(2 ** (attempts + 1), LONGEST_WAIT)
  authority.log.warn('alert_not_delivered', { attempts: attempts + 1, retryInSeconds: wait })
  await authority.store.postponeAlert(id, authority.ambient.now() + wait)
}
