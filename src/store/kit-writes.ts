import type { KitChange } from '../authority/kit-entry.ts'
import type { SqlValue, Step } from './engine.ts'
import type { KitEntryRow, KitPartRow } from './kit-rows.ts'
import { columns, type Given, type Queries, type Write } from './queries.ts'

const PART = ['channel', 'kind', 'instance', 'tenant', 'replaced_at'] as const
const ENTRY = ['id', 'channel', 'kind', 'instance', 'tenant', 'sealed', 'sent_at', 'at'] as const

/** Entries of one statement: more gain nothing. */
const MOST_ENTRIES = 32

/**
 * A change as steps, in few statements: where an engine answers from afar they are what it costs. The row of the part is
 * written first, so that those who change one part do it one after the other on every engine; a conflict when the part
 * was replaced meanwhile by what is newer.
 */
export function kitWrites(queries: Queries, mostValues: number): (change: KitChange) => Step[] {
  const { touch, replace, clear } = partWrites(queries)
  const width = Math.max(1, Math.min(MOST_ENTRIES, Math.floor(mostValues / ENTRY.length)))
  const many = upsertOf(queries, width)
  const one = upsertOf(queries, 1)
  return ({ part, sentAt, at, replaces, entries }) => {
    const rows = entries.map(({ id, sealed }) => ({ ...part, id, sealed, sent_at: sentAt, at }))
    const whole = Math.floor(rows.length / width) * width
    return [
      replaces
        ? replace({ ...part, replaced_at: sentAt }, 'one')
        : touch({ ...part, replaced_at: 0, sent_at: sentAt }, 'one'),
      ...(replaces ? [clear({ ...part, sent_at: sentAt, at })] : []),
      ...runs(rows.slice(0, whole), width).map((run) => many(numbered(run))),
      ...rows.slice(whole).map((row) => one(numbered([row]))),
    ]
  }
}

function partWrites(queries: Queries) {
  const touch = queries.write((db, given: Given<KitPartRow & { sent_at: number }>) =>
    db
      .insertInto('kit_parts')
      .values(columns(given, PART))
      .onConflict((conflict) =>
        conflict
          .columns(['channel', 'kind', 'instance', 'tenant'])
          .doUpdateSet((eb) => ({ replaced_at: eb.ref('kit_parts.replaced_at') }))
          .where('kit_parts.replaced_at', '<=', given('sent_at')),
      ),
  )
  const replace = queries.write((db, given: Given<KitPartRow>) =>
    db
      .insertInto('kit_parts')
      .values(columns(given, PART))
      .onConflict((conflict) =>
        conflict
          .columns(['channel', 'kind', 'instance', 'tenant'])
          .doUpdateSet((eb) => ({ replaced_at: eb.ref('excluded.replaced_at') }))
          .whereRef('kit_parts.replaced_at', '<=', 'excluded.replaced_at'),
      ),
  )
  const clear = queries.write((db, given: Given<Omit<KitEntryRow, 'id' | 'sealed'>>) =>
    db
      .updateTable('kit_entries')
      .set({ sealed: null, ...columns(given, ['sent_at', 'at']) })
      .where('channel', '=', given('channel'))
      .where('kind', '=', given('kind'))
      .where('instance', '=', given('instance'))
      .where('tenant', '=', given('tenant'))
      .where('sealed', 'is not', null)
      .where('sent_at', '<=', given('sent_at')),
  )
  return { touch, replace, clear }
}

type Numbered = Readonly<Record<string, SqlValue>>

/** Of so many rows, each argument with the number of its row. */
function upsertOf(queries: Queries, rows: number): Write<Numbered> {
  return queries.write((db, given: Given<Numbered>) => {
    const row = (number: number) =>
      Object.fromEntries(ENTRY.map((name) => [name, given(`${name}${number}`)])) as unknown as KitEntryRow
    return db
      .insertInto('kit_entries')
      .values(Array.from({ length: rows }, (_, number) => row(number)))
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((eb) => ({
            sealed: eb.ref('excluded.sealed'),
            sent_at: eb.ref('excluded.sent_at'),
            at: eb.ref('excluded.at'),
          }))
          .whereRef('kit_entries.sent_at', '<=', 'excluded.sent_at'),
      )
  })
}

const numbered = (rows: readonly KitEntryRow[]): Numbered =>
  Object.fromEntries(
    rows.flatMap((row, number) => ENTRY.map((name) => [`${name}${number}`, row[name]] as const)),
  )

function runs<T>(rows: readonly T[], width: number): T[][] {
  return Array.from({ length: rows.length / width }, (_, run) => rows.slice(run * width, (run + 1) * width))
}
