import { sql } from 'kysely'
import type { KeyChange, KeyEvent, KeyHistoryEntry, KeyStore } from '../authority/key-store.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { KeyEventRow } from './schema.ts'

type Row = Omit<KeyEventRow, 'ordinal'>

const SHOWN = ['kid', 'type', 'detail', 'at', 'who', 'reason'] as const

export interface KeyEvents {
  record(event: KeyEvent, change: Pick<KeyChange, 'by' | 'at'>): Step
  readonly history: KeyStore['keyHistory']
}

/** What happened to keys and roots, numbered in the order of the commits. */
export function keyEvents(queries: Queries): KeyEvents {
  const insert = queries.write((db, given: Given<Row>) =>
    db.insertInto('key_events').values({
      ...columns(given, SHOWN),
      ordinal: sql<number>`(select coalesce(max(ordinal), 0) + 1 from key_events)`,
    }),
  )
  const all = queries.read((db) => db.selectFrom('key_events').select(SHOWN).orderBy('ordinal'))
  const ofOne = queries.read((db, given: Given<{ kid: string }>) =>
    db.selectFrom('key_events').select(SHOWN).where('kid', '=', given('kid')).orderBy('ordinal'),
  )
  return {
    record: ({ kid, type, detail }, { by, at }) =>
      insert({ kid, type, detail: JSON.stringify(detail), at, who: by.who, reason: by.reason }),
    async history(kid) {
      const rows = kid === undefined ? await all.all({}) : await ofOne.all({ kid })
      return rows.map(entryOf)
    },
  }
}

function entryOf({ kid, type, detail, at, who, reason }: Row): KeyHistoryEntry {
  const event = { kid, type: type as KeyEvent['type'], detail: JSON.parse(detail) }
  return { event, by: { who, reason }, at }
}
