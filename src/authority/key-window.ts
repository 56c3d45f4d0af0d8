import { daysLeft, type KnownKey } from '../domain/keyring.ts'
import { SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import type { Authority } from './authority.ts'
import type { Alert } from './ports.ts'

/** Days before its window closes at which support hears of a key; the last one first. */
const THRESHOLDS = [7, 30, 60]

/**
 * Queues an alert for each active key whose issuing window closes in less than 60, 30 or 7 days, once for each
 * of them. A certificate that opens a further window starts anew.
 */
export async function warnOfClosingKeys(authority: Authority, now: Seconds): Promise<void> {
  const { keyring } = await authority.configuration.current(now)
  const alerts = keyring.known.filter(({ status }) => status === 'active').flatMap((key) => alertOf(key, now))
  if (alerts.length > 0) await authority.store.commit({ alerts })
}

/** One that was queued before stays as it is. A window that is closed or not open yet is for readiness to report. */
function alertOf(key: KnownKey, now: Seconds): Alert[] {
  const days = daysLeft(key, now)
  const threshold = days > 0 ? THRESHOLDS.find((limit) => days < limit) : undefined
  if (threshold === undefined) return []
  const closes = Math.round(now + days * SECONDS_PER_DAY)
  return [
    {
      kind: 'key_window',
      key: `key_window:${key.kid}:${closes}:${threshold}`,
      detail: { kid: key.kid, usage: key.usage, days: threshold, closes },
      at: now,
    },
  ]
}
