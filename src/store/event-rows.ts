import type { HistoryEntry, LicenseChange } from '../authority/ports.ts'
import type { Event } from '../domain/events.ts'
import type { LicenseId } from '../domain/ids.ts'
import type { License, Origin } from '../domain/license.ts'
import type { EventRow } from './schema.ts'

/**
 * The only place that turns events into rows and back. Id and origin of a license are kept once, in its row; type and time are columns; the rest is JSON.
 */
export function eventRows({ before, after, events, by, code }: LicenseChange): EventRow[] {
  const first = (before?.revision ?? 0) + 1
  const last = first + events.length - 1
  if (after.revision !== last)
    throw new Error(`license ${after.id}: revision ${after.revision} after event ${last}`)
  if (code !== null && code.revision !== last) throw new Error(`license ${after.id}: a code of no event`)
  return events.map((event, index) => ({
    license_id: after.id,
    revision: first + index,
    type: event.type,
    data: dataText(event),
    at: event.at,
    who: by.who,
    reason: by.reason,
    code_digest: first + index === last ? (code?.digest ?? null) : null,
  }))
}

function dataText(event: Event): string {
  const said = { ...event, type: undefined, at: undefined }
  return JSON.stringify('origin' in event ? { ...said, id: undefined, origin: undefined } : said)
}

export function historyEntryOf(
  row: Omit<EventRow, 'license_id' | 'code_digest'>,
  license: License,
): HistoryEntry {
  const by = { who: row.who, reason: row.reason }
  return { revision: row.revision, event: eventOf(row, license), by }
}

function eventOf({ type, data, at }: Pick<EventRow, 'type' | 'data' | 'at'>, { id, origin }: License): Event {
  return { type, ...beginning(type, id, origin), ...JSON.parse(data), at } as Event
}

/** A license that was met knew no order then, even if it has one now. */
function beginning(type: string, id: LicenseId, origin: Origin): object {
  if (type === 'issued') return { id, origin }
  return type === 'met' ? { id, origin: { ...origin, order: null } } : {}
}
