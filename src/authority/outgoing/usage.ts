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
