import type { LedgerOrder, Orders } from '../authority/orders.ts'
import { decodeBase64url, encodeBase64url } from '../format/base64url.ts'
import { readUtf8, utf8 } from '../format/bytes.ts'
import { ORDER, orderOf } from './order-rows.ts'
import type { Given, Queries } from './queries.ts'
import { saleOrders } from './sale-orders.ts'

/** The last row read of `orders`, and the last license. */
interface Position {
  readonly noted: Place
  readonly sold: { readonly at: number; readonly id: string }
}

interface Place {
  readonly at: number
  readonly id: string
  readonly line: string
  readonly channel: string
}

const FIRST: Place = { at: -1, id: '', line: '', channel: '' }
const BEFORE_ALL: Position = { noted: FIRST, sold: { at: -1, id: '' } }

/** Two sources, each read by its own index and merged by time. */
export function orderPages(queries: Queries): Pick<Orders, 'waitingOrders' | 'orderPage'> {
  const { all, waiting } = pages(queries)
  const sales = saleOrders(queries)
  return {
    waitingOrders: async (after, limit) =>
      (await waiting.all({ ...(after === null ? FIRST : placeOf(after)), limit })).map(orderOf),
    async orderPage(after, limit) {
      const position = after === null ? BEFORE_ALL : readPosition(after)
      if (position === null) return { items: [], next: null }
      const noted = (await all.all({ ...position.noted, limit: limit + 1 })).map(orderOf)
      const sold = await sales.page(position.sold, limit + 1)
      const merged = [...noted, ...sold].sort((a, b) => a.notedAt - b.notedAt)
      const items = merged.slice(0, limit)
      return { items, next: merged.length > limit ? writePosition(positionAfter(position, items)) : null }
    },
  }
}

function pages(queries: Queries) {
  const all = queries.read((db, given: Given<Place & { limit: number }>) =>
    db
      .selectFrom('orders')
      .select(ORDER)
      .where((eb) =>
        eb(
          eb.refTuple('noted_at', 'order_id', 'order_line', 'channel'),
          '>',
          eb.tuple(given('at'), given('id'), given('line'), given('channel')),
        ),
      )
      .orderBy('noted_at')
      .orderBy('order_id')
      .orderBy('order_line')
      .orderBy('channel')
      .limit(given('limit')),
  )
  const waiting = queries.read((db, given: Given<Place & { limit: number }>) =>
    db
      .selectFrom('orders')
      .select(ORDER)
      .where('state', '=', 'waiting')
      .where((eb) =>
        eb(
          eb.refTuple('noted_at', 'order_id', 'order_line', 'channel'),
          '>',
          eb.tuple(given('at'), given('id'), given('line'), given('channel')),
        ),
      )
      .orderBy('noted_at')
      .orderBy('order_id')
      .orderBy('order_line')
      .orderBy('channel')
      .limit(given('limit')),
  )
  return { all, waiting }
}

const placeOf = ({ notedAt: at, order: { id, line }, channel }: LedgerOrder): Place => ({
  at,
  id,
  line,
  channel,
})

function positionAfter(before: Position, items: readonly LedgerOrder[]): Position {
  const sale = items.findLast(({ cause }) => cause === 'sale')
  const noted = items.findLast(({ cause }) => cause !== 'sale')
  return {
    noted: noted === undefined ? before.noted : placeOf(noted),
    sold: sale === undefined ? before.sold : { at: sale.notedAt, id: sale.license! },
  }
}

const writePosition = ({ noted: { at, id, line, channel }, sold }: Position): string =>
  encodeBase64url(utf8(JSON.stringify([at, id, line, channel, sold.at, sold.id])))

function readPosition(text: string): Position | null {
  try {
    const [at, id, line, channel, soldAt, soldId] = JSON.parse(readUtf8(decodeBase64url(text)!)!)
    if (typeof at !== 'number' || typeof soldAt !== 'number') return null
    if ([id, line, channel, soldId].some((one) => typeof one !== 'string')) return null
    return { noted: { at, id, line, channel }, sold: { at: soldAt, id: soldId } }
  } catch {
    return null
  }
}
