import type { Orders } from '../authority/orders.ts'
import { orderPages } from './order-pages.ts'
import { ORDER, orderOf } from './order-rows.ts'
import type { Given, Queries } from './queries.ts'
import { saleOrders } from './sale-orders.ts'

/** The ledger. What sold a license at once has no row of its own: it is read from the license. */
export function orders(queries: Queries): Orders {
  const byKey = queries.read((db, given: Given<{ channel: string; id: string; line: string }>) =>
    db
      .selectFrom('orders')
      .select(ORDER)
      .where('order_id', '=', given('id'))
      .where('order_line', '=', given('line'))
      .where('channel', '=', given('channel')),
  )
  const byNumber = queries.read((db, given: Given<{ id: string }>) =>
    db
      .selectFrom('orders')
      .select(ORDER)
      .where('order_id', '=', given('id'))
      .orderBy('noted_at')
      .orderBy('order_line')
      .orderBy('channel'),
  )
  const byLicense = queries.read((db, given: Given<{ license: string }>) =>
    db
      .selectFrom('orders')
      .select(ORDER)
      .where('license_id', '=', given('license'))
      .orderBy('noted_at')
      .orderBy('order_id')
      .orderBy('order_line'),
  )
  const { numbered, direct } = saleOrders(queries)
  return {
    ...orderPages(queries),
    async order(channel, { id, line }) {
      const row = await byKey.first({ channel, id, line })
      return row === undefined ? null : orderOf(row)
    },
    ordersNumbered: async (id) => [...(await numbered(id)), ...(await byNumber.all({ id })).map(orderOf)],
    soldDirectly: direct,
    ordersOf: async (license) => (await byLicense.all({ license })).map(orderOf),
  }
}
