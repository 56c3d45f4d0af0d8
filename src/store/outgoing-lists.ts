import type { CallEntry, CallState, CallTrouble, Outgoing } from '../authority/outgoing/calls.ts'
import type { OutgoingType } from '../authority/outgoing/port.ts'
import type { Page } from '../authority/ports.ts'
import type { Given, Queries } from './queries.ts'
import type { OutgoingCallRow } from './schema.ts'

type Lists = Pick<Outgoing, 'outgoingCalls' | 'outgoingCall' | 'callTroubles'>

const ENTRY = [
  'id',
  'channel',
  'type',
  'call_key',
  'at',
  'state',
  'due',
  'attempts',
  'error',
  'tried_at',
] as const

type Entry = Pick<OutgoingCallRow, (typeof ENTRY)[number]>

/** Outgoing calls as they are shown. */
export function outgoingLists(queries: Queries): Lists {
  const all = queries.read((db, given: Given<Position & { limit: number }>) =>
    db
      .selectFrom('outgoing_calls')
      .select(ENTRY)
      .where((eb) => eb(eb.refTuple('at', 'id'), '>', eb.tuple(given('at'), given('id'))))
      .orderBy('at')
      .orderBy('id')
      .limit(given('limit')),
  )
  const ofState = queries.read((db, given: Given<Position & { limit: number; state: string }>) =>
    db
      .selectFrom('outgoing_calls')
      .select(ENTRY)
      .where('state', '=', given('state'))
      .where((eb) => eb(eb.refTuple('at', 'id'), '>', eb.tuple(given('at'), given('id'))))
      .orderBy('at')
      .orderBy('id')
      .limit(given('limit')),
  )
  const one = queries.read((db, given: Given<{ id: string }>) =>
    db.selectFrom('outgoing_calls').select(ENTRY).where('id', '=', given('id')),
  )
  const troubles = queries.read((db) =>
    db
      .selectFrom('outgoing_calls')
      .select(({ fn }) => [
        'channel',
        'error',
        'state',
        fn.countAll<number>().as('count'),
        fn.max('tried_at').as('newest'),
      ])
      .where('error', 'is not', null)
      .groupBy(['channel', 'error', 'state'])
      .orderBy('channel')
      .orderBy('error')
      .orderBy('state'),
  )
  return {
    async outgoingCalls(state, after, limit) {
      const position = after === null ? BEFORE_ALL : readPosition(after)
      if (position === null) return { items: [], next: null }
      const given = { ...position, limit: limit + 1 }
      return pageOf(state === null ? await all.all(given) : await ofState.all({ ...given, state }), limit)
    },
    async outgoingCall(id) {
      const row = await one.first({ id })
      return row === undefined ? null : entryOf(row)
    },
    callTroubles: async () =>
      (await troubles.all({})).map(
        (row): CallTrouble => ({
          channel: row.channel,
          error: row.error!,
          state: row.state as CallTrouble['state'],
          count: row.count,
          newest: row.newest!,
        }),
      ),
  }
}

interface Position {
  readonly at: number
  readonly id: string
}

const BEFORE_ALL: Position = { at: -1, id: '' }

const POSITION = /^(\d{1,15})-([0-9a-f]{16})$/

function readPosition(text: string): Position | null {
  const [, at, id] = POSITION.exec(text) ?? []
  return at === undefined || id === undefined ? null : { at: Number(at), id }
}

/** `rows` holds one more than the page when there is a further one. */
function pageOf(rows: readonly Entry[], limit: number): Page<CallEntry> {
  const items = rows.slice(0, limit).map(entryOf)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last === undefined ? null : `${last.at}-${last.id}` }
}

function entryOf(row: Entry): CallEntry {
  const { id, channel, type, call_key: key, at, state, due, attempts, error, tried_at: triedAt } = row
  return {
    ...{ id, channel, type: type as OutgoingType, key, at },
    ...{ state: state as CallState, due, attempts, error, triedAt },
  }
}
