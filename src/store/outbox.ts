import type { Alert, Outbox, QueuedAlert } from '../authority/ports.ts'
import type { Engine, Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { AlertRow } from './schema.ts'

/** Changes nothing when the alert was queued before, delivered or not. */
export type QueueAlert = (alert: Alert) => Step

const ALERT = ['kind', 'alert_key', 'detail', 'at', 'due', 'attempts'] as const

export function outbox(queries: Queries, engine: Engine, queue: QueueAlert): Outbox {
  const due = queries.read((db, given: Given<{ now: number; limit: number }>) =>
    db
      .selectFrom('alerts')
      .select(ALERT)
      .where('due', '<=', given('now'))
      .orderBy('at')
      .orderBy('alert_key')
      .limit(given('limit')),
  )
  const setDue = queries.write((db, given: Given<{ kind: string; key: string; due: number | null }>) =>
    db
      .updateTable('alerts')
      .set((eb) => ({ due: given('due'), attempts: eb('attempts', '+', 1) }))
      .where('kind', '=', given('kind'))
      .where('alert_key', '=', given('key'))
      .where('due', 'is not', null),
  )
  const claim = queries.write(
    (db, given: Given<{ kind: string; key: string; due: number; attempts: number; until: number }>) =>
      db
        .updateTable('alerts')
        .set({ due: given('until') })
        .where('kind', '=', given('kind'))
        .where('alert_key', '=', given('key'))
        .where('due', '=', given('due'))
        .where('attempts', '=', given('attempts')),
  )
  return {
    dueAlerts: async (now, limit) => (await due.all({ now, limit })).map(queuedOf),
    async queueAlert(alert) {
      await engine.atomic([queue(alert)])
    },
    async claimAlert({ id, due, attempts }, until) {
      return (await engine.atomic([claim({ ...nameOf(id), due, attempts, until }, 'one')])) === 'committed'
    },
    async settleAlert(id) {
      await engine.atomic([setDue({ ...nameOf(id), due: null })])
    },
    async postponeAlert(id, until) {
      await engine.atomic([setDue({ ...nameOf(id), due: until })])
    },
  }
}

export function queueAlert(queries: Queries): QueueAlert {
  const insert = queries.write((db, given: Given<AlertRow>) =>
    db
      .insertInto('alerts')
      .values(columns(given, ALERT))
      .onConflict((conflict) => conflict.columns(['kind', 'alert_key']).doNothing()),
  )
  return ({ kind, key, detail, at }) =>
    insert({ kind, alert_key: key, detail: JSON.stringify(detail), at, due: at, attempts: 0 })
}

function queuedOf({ kind, alert_key: key, detail, at, due, attempts }: AlertRow): QueuedAlert {
  const alert: Alert = { kind: kind as Alert['kind'], key, detail: JSON.parse(detail), at }
  return { id: `${kind} ${key}`, alert, attempts, due: due! }
}

/** A kind has no space in it. */
function nameOf(id: string): { kind: string; key: string } {
  const space = id.indexOf(' ')
  return { kind: id.slice(0, space), key: id.slice(space + 1) }
}
