import type { HistoryEntry, LicenseChange } from '../authority/ports.ts'
import { type Event, raiseOf } from '../domain/events.ts'
import type { LicenseId } from '../domain/ids.ts'
import type { License, Origin } from '../domain/license.ts'
import { recurring } from '../format/recurring.ts'
import type { EventRow } from './schema.ts'

/**
 * The only place that turns events into rows and back. Id and origin of a license are kept once, in its row; type and
 * time are columns; the rest is JSON. Four events are kept of a license that lives a while, so what recurs in them is
 * kept short; what was written before it was reads as well.
 */
export function eventRows({ before, after, events, by, code }: LicenseChange): EventRow[] {
  const revisions = revisionsOf(before?.revision ?? 0, events)
  const last = revisions.at(-1) ?? before?.revision
  if (after.revision !== last)
    throw new Error(`license ${after.id}: revision ${after.revision} after event ${last}`)
  if (code !== null && code.revision !== last) throw new Error(`license ${after.id}: a code of no event`)
  return events.map((event, index) => ({
    license_id: after.id,
    revision: revisions[index]!,
    type: TYPES[event.type],
    data: dataText(event),
    at: event.at,
    who: shortWho(by.who, after.origin),
    reason: by.reason,
    code_digest: revisions[index] === last ? (code?.digest ?? null) : null,
  }))
}

function revisionsOf(before: number, events: readonly Event[]): readonly number[] {
  let revision = before
  return events.map((event) => {
    revision += raiseOf(event)
    return revision
  })
}

function dataText(event: Event): string {
  const said = { ...event, type: undefined, at: undefined }
  return DATA.short(JSON.stringify('origin' in event ? { ...said, id: undefined, origin: undefined } : said))
}

const DATA = recurring([
  '{"terms":{"product":',
  ',"edition":',
  ',"seats":',
  ',"features":',
  ',"trial":false,"graceDays":',
  ',"trial":true,"graceDays":',
  ',"paidUntil":',
  ',"binding":null}}',
  '{"order":"',
  '","paidUntil":',
  '{"reason":"expired"}',
  '{"reason":"violation"}',
  '{"reason":"operator"}',
])

const TYPES: Readonly<Record<Event['type'], string>> = {
  issued: 'i',
  met: 'm',
  activated: 'a',
  renewed: 'n',
  shortened: 's',
  changed: 'c',
  frozen: 'f',
  reinstated: 'r',
  released: 'x',
  reissued: 'e',
  restored: 'b',
}

/** How the type of an event is kept, for one who looks for it. */
export const keptType = (type: Event['type']): string => TYPES[type]

const TYPES_BACK = new Map(Object.entries(TYPES).map(([type, short]) => [short, type]))

/** `c` is the callback of the license's own channel. */
function shortWho(who: string, { channel }: Origin): string {
  if (channel !== null && who === `callback:${channel}`) return 'c'
  return WHO.find(([, long]) => long === who)?.[0] ?? who
}

function longWho(who: string, { channel }: Origin): string {
  if (who === 'c') return `callback:${channel}`
  return WHO.find(([short]) => short === who)?.[1] ?? who
}

const WHO = [
  ['o', 'operator'],
  ['s', 'scheduler'],
] as const

export function historyEntryOf(
  row: Omit<EventRow, 'license_id' | 'code_digest'>,
  license: License,
): HistoryEntry {
  const by = { who: longWho(row.who, license.origin), reason: row.reason }
  return { revision: row.revision, event: eventOf(row, license), by }
}

function eventOf(row: Pick<EventRow, 'type' | 'data' | 'at'>, { id, origin }: License): Event {
  const type = TYPES_BACK.get(row.type) ?? row.type
  return { type, ...beginning(type, id, origin), ...JSON.parse(DATA.long(row.data)), at: row.at } as Event
}

/** A license that was met knew no order then, even if it has one now. */
function beginning(type: string, id: LicenseId, origin: Origin): object {
  if (type === 'issued') return { id, origin }
  return type === 'met' ? { id, origin: { ...origin, order: null } } : {}
}
