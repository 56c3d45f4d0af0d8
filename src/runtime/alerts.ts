import type { Authority } from '../authority/authority.ts'
import type { QueuedAlert } from '../authority/ports.ts'
import { rfc3339 } from '../authority/view.ts'

/** Milliseconds a webhook may take to answer. */
const TIMEOUT = 5_000
/** Seconds an alert belongs to who claimed it: longer than telling it takes and clocks of machines differ. */
const CLAIM = 30
const LONGEST_WAIT = 3_600
const BATCH = 20

/**
 * Tells `url` of what is queued, oldest first; without a url the log is told. An alert is settled once it
 * was accepted, and tried again after 2, 4, 8 … seconds, at most an hour, until it is. Of several processes one
 * tells it; twice only when that one dies, or stands still for longer than its claim, before it could settle it.
 * `stopping` ends the round: what is just being told waits for its next try, the rest for its turn.
 */
export async function sendAlerts(
  authority: Authority,
  url: string | null,
  stopping?: AbortSignal,
): Promise<void> {
  const { store, ambient } = authority
  for (const queued of await store.dueAlerts(ambient.now(), BATCH)) {
    if (stopping?.aborted) return
    if (!(await store.claimAlert(queued, ambient.now() + CLAIM))) continue
    if (url === null) authority.log.warn('alert', { kind: queued.alert.kind, ...queued.alert.detail })
    if (url === null || (await isAccepted(url, queued, stopping))) await store.settleAlert(queued.id)
    else await postpone(authority, queued)
  }
}

async function isAccepted(url: string, { alert }: QueuedAlert, stopping?: AbortSignal): Promise<boolean> {
  const { kind, detail, at } = alert
  const body = JSON.stringify({ kind, at: rfc3339(at), ...detail })
  const headers = { 'content-type': 'application/json' }
  const timeout = AbortSignal.timeout(TIMEOUT)
  try {
    const request = {
      method: 'POST',
      headers,
      body,
      // Not followed, and no success either; Workers know no 'error' here.
      redirect: 'manual',
      signal: stopping === undefined ? timeout : AbortSignal.any([timeout, stopping]),
    } as const
    const response = await fetch(url, request)
    // What it says besides is not read: a connection left open would be missing to the next.
    await response.body?.cancel().catch(() => undefined)
    return response.ok
  } catch {
    return false
  }
}

async function postpone(authority: Authority, { id, attempts }: QueuedAlert): Promise<void> {
  const wait = Math.min(2 ** (attempts + 1), LONGEST_WAIT)
  authority.log.warn('alert_not_delivered', { attempts: attempts + 1, retryInSeconds: wait })
  await authority.store.postponeAlert(id, authority.ambient.now() + wait)
}
