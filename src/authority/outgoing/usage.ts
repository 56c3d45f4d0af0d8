import type { Seconds } from '../../domain/time.ts'
import { toHex, utf8 } from '../../format/bytes.ts'
import type { Authority } from '../authority.ts'
import { newOutgoing } from './new-call.ts'
import type { OutgoingCall, SoftwareUsage, UsageRecord } from './port.ts'

/** Calls of one batch. */
const BATCH = 100

/** One day's use of codes. The same code on the same day is told once, whatever the rest of it says. */
export const reportUsage = (
  authority: Authority,
  channel: string,
  day: string,
  usages: readonly SoftwareUsage[],
): Promise<void> =>
  queueAll(
    authority,
    channel,
    usages.map((usage) => [`${usage.code}\t${day}`, { type: 'report_software_usage', usages: [usage] }]),
  )

/** Codes of one activation (reference 4.6). */
const MOST_CODES = 100

/**
 * Codes of the marketplace that were delivered at a time (null: now), without a software that activates each by itself.
 * Up to a hundred go in one call, which is refused whole for one of them that is unknown or active already. The same
 * hundred are queued once.
 */
export function activateCodes(
  authority: Authority,
  channel: string,
  codes: readonly string[],
  at: Seconds | null,
): Promise<void> {
  const calls: [string, OutgoingCall][] = []
  for (let from = 0; from < codes.length; from += MOST_CODES) {
    const some = codes.slice(from, from + MOST_CODES)
    const key = toHex(authority.crypto.sha256(utf8(some.join('\n'))).subarray(0, 16))
    calls.push([key, { type: 'activate_codes', codes: some, at }])
  }
  return queueAll(authority, channel, calls)
}

/** What is billed by use. A serial is told once, for ever. */
export const pushUsage = (
  authority: Authority,
  channel: string,
  records: readonly UsageRecord[],
): Promise<void> =>
  queueAll(
    authority,
    channel,
    records.map((record) => [record.serial, { type: 'push_usage', records: [record] }]),
  )

async function queueAll(
  authority: Authority,
  channel: string,
  calls: readonly (readonly [key: string, call: OutgoingCall])[],
): Promise<void> {
  for (let at = 0; at < calls.length; at += BATCH) {
    const outgoing = calls
      .slice(at, at + BATCH)
      .map(([key, call]) => newOutgoing(authority, channel, key, call))
    await authority.store.commit({ outgoing })
  }
}
