import type { Outgoing, QueuedCall } from '../authority/outgoing/calls.ts'
import type { OutgoingType } from '../authority/outgoing/port.ts'
import type { Engine } from './engine.ts'
import { outgoingLists } from './outgoing-lists.ts'
import type { Given, Queries } from './queries.ts'
import type { OutgoingCallRow } from './schema.ts'

const QUEUED = ['id', 'channel', 'type', 'call_key', 'sealed', 'at', 'attempts', 'due'] as const

type Tried = Pick<OutgoingCallRow, 'id' | 'attempts'>

/** How outgoing calls are made, one try after the other. */
export function outgoing(queries: Queries, engine: Engine): Outgoing {
  // A bounded read of an index: the rest of a long queue is not looked at.
  const due = queries.read(
    (db, given: Given<{ channel: string; type: string; now: number; limit: number }>) =>
      db
        .selectFrom('outgoing_calls')
        .select(QUEUED)
        .where('channel', '=', given('channel'))
        .where('type', '=', given('type'))
        .where('due', '<=', given('now'))
        .orderBy('due')
        .orderBy('id')
        .limit(given('limit')),
  )
  const claim = queries.write((db, given: Given<Tried & { due: number; until: number }>) =>
    db
      .updateTable('outgoing_calls')
      .set((eb) => ({ due: given('until'), attempts: eb('attempts', '+', 1) }))
      .where('id', '=', given('id'))
      .where('due', '=', given('due'))
      .where('attempts', '=', given('attempts')),
  )
  const postpone = queries.write(
    (db, given: Given<Tried & { until: number; error: string; tried_at: number }>) =>
      db
        .updateTable('outgoing_calls')
        .set({ due: given('until'), error: given('error'), tried_at: given('tried_at') })
        .where('id', '=', given('id'))
        .where('attempts', '=', given('attempts'))
        .where('state', '=', 'waiting'),
  )
  const revive = queries.write((db, given: Given<{ id: string; now: number }>) =>
    db
      .updateTable('outgoing_calls')
      .set({ state: 'waiting', due: given('now'), attempts: 0, error: null })
      .where('id', '=', given('id'))
      .where('state', '=', 'dead'),
  )
  const waiting = queries.read((db, given: Given<{ channel: string; type: string }>) =>
    db
      .selectFrom('outgoing_calls')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('channel', '=', given('channel'))
      .where('type', '=', given('type'))
      .where('state', '=', 'waiting'),
  )
  return {
    ...outgoingLists(queries),
    dueCalls: async (channel, type, now, limit) =>
      (await due.all({ channel, type, now, limit })).map(queuedOf),
    async claimCall(call, until) {
      const { id, due, attempts } = call
      const claimed = await engine.atomic([claim({ id, due, attempts, until }, 'one')])
      return claimed === 'committed' ? { ...call, attempts: attempts + 1, due: until } : null
    },
    async postponeCall({ id, attempts }, until, error, at) {
      await engine.atomic([postpone({ id, attempts, until, error, tried_at: at })])
    },
    async reviveCalls(ids, now) {
      await engine.atomic(ids.map((id) => revive({ id, now })))
    },
    waitingCalls: async (channel, type) => (await waiting.first({ channel, type }))!.count,
  }
}

/** Only those that wait are due, and they have all of it. */
function queuedOf(row: Pick<OutgoingCallRow, (typeof QUEUED)[number]>): QueuedCall {
  const { id, channel, type, call_key: key, at, attempts } = row
  return { id, channel, type: type as OutgoingType, key, sealed: row.sealed!, at, attempts, due: row.due! }
}
