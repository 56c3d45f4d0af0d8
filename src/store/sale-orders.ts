import type { DirectOrder, LedgerOrder } from '../authority/orders.ts'
import type { Given, Queries, Read } from './queries.ts'

export interface SaleOrders {
  numbered(id: string): Promise<readonly LedgerOrder[]>
  /** Those of no marketplace. */
  direct(id: string): Promise<readonly DirectOrder[]>
  /** In the order the licenses were made, after that position. */
  page(after: { readonly at: number; readonly id: string }, limit: number): Promise<readonly SaleOrder[]>
}

/** With the id of its license, which tells apart the sales of one second. */
export interface SaleOrder extends LedgerOrder {
  readonly license: string
}

interface SaleRow {
  id: string
  channel: string | null
  order_id: string | null
  order_line: string | null
  created_at: number
}

/** The purchases of marketplaces that sold a license at once. A line that has a row of its own is left out. */
export function saleOrders(queries: Queries): SaleOrders {
  const numbered: Read<{ id: string }, SaleRow> = queries.read((db, given: Given<{ id: string }>) =>
    db
      .selectFrom('channels as c')
      .innerJoin('licenses as l', 'l.channel', 'c.name')
      .select(['l.id', 'l.channel', 'l.order_id', 'l.order_line', 'l.created_at'])
      .where('l.order_id', '=', given('id'))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('orders as o')
              .select('o.order_id')
              .whereRef('o.order_id', '=', 'l.order_id')
              .whereRef('o.order_line', '=', 'l.order_line')
              .whereRef('o.channel', '=', 'l.channel'),
          ),
        ),
      )
      .orderBy('l.created_at')
      .orderBy('l.id'),
  )
  const page: Read<{ at: number; id: string; limit: number }, SaleRow> = queries.read(
    (db, given: Given<{ at: number; id: string; limit: number }>) =>
      db
        .selectFrom('licenses as l')
        .select(['l.id', 'l.channel', 'l.order_id', 'l.order_line', 'l.created_at'])
        .where((eb) => eb(eb.refTuple('l.created_at', 'l.id'), '>', eb.tuple(given('at'), given('id'))))
        .where('l.channel', 'is not', null)
        .where('l.order_id', 'is not', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('orders as o')
                .select('o.order_id')
                .whereRef('o.order_id', '=', 'l.order_id')
                .whereRef('o.order_line', '=', 'l.order_line')
                .whereRef('o.channel', '=', 'l.channel'),
            ),
          ),
        )
        .orderBy('l.created_at')
        .orderBy('l.id')
        .limit(given('limit')),
  )
  const direct = queries.read((db, given: Given<{ id: string }>) =>
    db
      .selectFrom('licenses as l')
      .select(['l.id', 'l.created_at'])
      .where('l.channel', 'is', null)
      .where('l.order_id', '=', given('id'))
      .orderBy('l.created_at')
      .orderBy('l.id'),
  )
  return {
    direct: async (id) =>
      (await direct.all({ id })).map((row) => ({ license: row.id, soldAt: row.created_at })),
    numbered: async (id) => (await numbered.all({ id })).map(saleOf),
    page: async ({ at, id }, limit) => (await page.all({ at, id, limit })).map(saleOf),
  }
}

const saleOf = ({ id, channel, order_id, order_line, created_at }: SaleRow): SaleOrder => ({
  channel: channel!,
  order: { id: order_id!, line: order_line! },
  cause: 'sale',
  license: id,
  state: 'applied',
  notedAt: created_at,
  learntAt: null,
  learnt: null,
})
