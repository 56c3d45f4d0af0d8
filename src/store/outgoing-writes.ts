import type { CallEnding, OutgoingOrder } from '../authority/outgoing/calls.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { OutgoingCallRow } from './schema.ts'

/** What is done to outgoing calls in the batch of a use case. */
export interface OutgoingWrites {
  /**
   * Changes nothing when a call of the same channel, type and key was queued before, in whatever state it is; one that
   * `revives` takes the place of a dead one.
   */
  queue(order: OutgoingOrder): Step
  /** Expects that the call waits and that no further try of it was begun. */
  end(ending: CallEnding): Step
}

const CALL = [
  'id',
  'channel',
  'type',
  'call_key',
  'sealed',
  'at',
  'state',
  'due',
  'attempts',
  'error',
  'tried_at',
] as const

type End = Pick<OutgoingCallRow, 'id' | 'attempts' | 'error' | 'tried_at'>

export function outgoingWrites(queries: Queries): OutgoingWrites {
  const insert = queries.write((db, given: Given<OutgoingCallRow>) =>
    db
      .insertInto('outgoing_calls')
      .values(columns(given, CALL))
      .onConflict((conflict) => conflict.columns(['channel', 'type', 'call_key']).doNothing()),
  )
  const revive = queries.write((db, given: Given<OutgoingCallRow>) =>
    db
      .insertInto('outgoing_calls')
      .values(columns(given, CALL))
      .onConflict((conflict) =>
        conflict
          .columns(['channel', 'type', 'call_key'])
          // The seal is bound to the id: they change together.
          .doUpdateSet((eb) => ({
            ...{ id: eb.ref('excluded.id'), sealed: eb.ref('excluded.sealed'), at: eb.ref('excluded.at') },
            ...{ state: eb.ref('excluded.state'), due: eb.ref('excluded.due') },
            ...{ attempts: eb.ref('excluded.attempts'), error: eb.ref('excluded.error') },
            tried_at: eb.ref('excluded.tried_at'),
          }))
          .where('outgoing_calls.state', '=', 'dead'),
      ),
  )
  const finish = queries.write((db, given: Given<End>) =>
    db
      .updateTable('outgoing_calls')
      .set({ state: 'done', due: null, sealed: null, ...columns(given, ['error', 'tried_at']) })
      .where('id', '=', given('id'))
      .where('attempts', '=', given('attempts'))
      .where('state', '=', 'waiting'),
  )
  const giveUp = queries.write((db, given: Given<End>) =>
    db
      .updateTable('outgoing_calls')
      .set({ state: 'dead', due: null, ...columns(given, ['error', 'tried_at']) })
      .where('id', '=', given('id'))
      .where('attempts', '=', given('attempts'))
      .where('state', '=', 'waiting'),
  )
  const forget = queries.write((db, given: Given<Pick<OutgoingCallRow, 'id' | 'attempts'>>) =>
    db
      .deleteFrom('outgoing_calls')
      .where('id', '=', given('id'))
      .where('attempts', '=', given('attempts'))
      .where('state', '=', 'waiting'),
  )
  return {
    queue: ({ id, channel, type, key, sealed, at, revives }) =>
      (revives === true ? revive : insert)({
        ...{ id, channel, type, call_key: key, sealed, at, state: 'waiting', due: at },
        ...{ attempts: 0, error: null, tried_at: null },
      }),
    end: ({ id, attempts, state, error, at }) =>
      state === 'forgotten'
        ? forget({ id, attempts }, 'one')
        : (state === 'done' ? finish : giveUp)({ id, attempts, error, tried_at: at }, 'one'),
  }
}
