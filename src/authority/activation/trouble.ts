import { SECONDS_PER_DAY } from '../../domain/time.ts'
import type { Authority } from '../authority.ts'
import { newOutgoing } from '../outgoing/new-call.ts'
import type { Alert } from '../ports.ts'

/**
 * An activation that failed for the seller's settings, of which whoever asked is told nothing. The question about its
 * code is queued, one a day for a channel: as long as it fails, readiness warns and the doctor names the channel. With
 * right credentials it is answered, and the trouble is over.
 */
export async function reportTrouble(
  authority: Authority,
  channel: string,
  code: string,
  error: string,
): Promise<void> {
  const now = authority.ambient.now()
  const day = Math.floor(now / SECONDS_PER_DAY)
  const alert: Alert = {
    kind: 'activation_failed',
    key: `activation_failed:${channel}:${day}`,
    at: now,
    detail: { channel, error },
  }
  const question = newOutgoing(authority, channel, `activation ${day}`, { type: 'query_code', code })
  await authority.store.commit({ outgoing: [question], alerts: [alert] })
  authority.log.error('activation_failed', { channel, error })
}
