import { sql } from 'kysely'
import type { LearntOrder, LedgerOrder, OrderCause, OrderNote, OrderState } from '../authority/orders.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { OrderRow } from './schema.ts'

const KNOWN = [
  'kind',
  'ordered_at',
  'charging',
  'paid_until',
  'marketplace_product',
  'sku',
  'quantity',
] as const

export const ORDER = [
  'channel',
  'order_id',
  'order_line',
  'cause',
  'license_id',
  'state',
  'noted_at',
  'learnt_at',
  ...KNOWN,
] as const

/** One statement whatever is there, since nobody waits for an order line: see `OrderNote`. */
export function noteOrder(queries: Queries): (note: OrderNote) => Step {
  const upsert = queries.write((db, given: Given<OrderRow>) => {
    const added = <K extends (typeof KNOWN)[number] | 'learnt_at' | 'license_id'>(name: K) =>
      sql<OrderRow[K]>`coalesce(${sql.ref(`orders.${name}`)}, ${sql.ref(`excluded.${name}`)})`
    return db
      .insertInto('orders')
      .values(columns(given, ORDER))
      .onConflict((conflict) =>
        conflict.columns(['order_id', 'order_line', 'channel']).doUpdateSet({
          cause: sql<string>`case when excluded.cause = 'notice' then orders.cause else excluded.cause end`,
          state: sql<string>`case when orders.state = 'applied' then orders.state else excluded.state end`,
          license_id: added('license_id'),
          learnt_at: added('learnt_at'),
          ...Object.fromEntries(KNOWN.map((name) => [name, added(name)])),
        }),
      )
  })
  return (note) => upsert(rowOf(note))
}

function rowOf({ channel, order, cause, license, state, at, learnt }: OrderNote): OrderRow {
  return {
    channel,
    order_id: order.id,
    order_line: order.line,
    cause,
    license_id: license,
    state,
    noted_at: at,
    learnt_at: learnt && at,
    kind: learnt?.kind ?? null,
    ordered_at: learnt?.orderedAt ?? null,
    charging: learnt?.charging ?? null,
    paid_until: learnt?.paidUntil ?? null,
    marketplace_product: learnt?.marketplaceProduct ?? null,
    sku: learnt?.sku ?? null,
    quantity: learnt?.quantity ?? null,
  }
}

/** The CHECKs of the schema hold: causes and states are ours, and what was learnt is there in full or not at all. */
export function orderOf(row: OrderRow): LedgerOrder {
  return {
    channel: row.channel,
    order: { id: row.order_id, line: row.order_line },
    cause: row.cause as OrderCause,
    license: row.license_id,
    state: row.state as OrderState,
    notedAt: row.noted_at,
    learntAt: row.learnt_at,
    learnt: row.kind === null ? null : learntOf(row as OrderRow & { kind: string }),
  }
}

function learntOf(row: OrderRow & { kind: string }): LearntOrder {
  return {
    kind: row.kind as LearntOrder['kind'],
    orderedAt: row.ordered_at!,
    charging: row.charging as LearntOrder['charging'],
    paidUntil: row.paid_until,
    marketplaceProduct: row.marketplace_product!,
    sku: row.sku,
    quantity: row.quantity,
  }
}
