import { expireTimeOf } from '../caller.ts'
import type { Market, MarketOrder, OrderType, Product } from './market.ts'
import type { Books, CodeError, MarketCode } from './open-api/books.ts'

/** The books of a market, which say what its open APIs tell; what is asked and uploaded is noted there. */
export function marketBooks(market: Market, product: Product, marketMs: () => number): Books {
  const codeOf = (id: string): MarketCode | CodeError => {
    const code = market.codes.get(id)
    if (code === undefined) return 92020005
    return code.activateTime === null ? 92020011 : code
  }
  return {
    order(id) {
      const order = market.orders.get(id) ?? mockOrder(id, product, marketMs())
      if (order !== null) market.asked.add(id)
      return order && orderInfo(order)
    },
    expects: (event) => market.applications.has(event),
    uploaded: (event, text) => void market.uploads.set(event, text),
    activate(id) {
      const code = market.codes.get(id)
      if (code === undefined) return 92020005
      if (code.activateTime !== null || code.status === 'RELEASED') return 92020003
      const activated = { ...code, activateTime: expireTimeOf(marketMs()) }
      market.codes.set(id, activated)
      return activated
    },
    code: codeOf,
    usage(records) {
      market.calls.usageRecords += records
    },
  }
}

/** OrderInfo (reference 11.3), as far as its tables and examples are public. */
function orderInfo({ id, line, type, createdMs, expiresMs, product }: MarketOrder): object {
  const { productId, sku, quantity } = product
  const item = {
    productId,
    ...(sku !== null && { skuCode: sku }),
    linearValue: quantity,
    productName: 'desk',
  }
  return {
    orderId: id,
    orderType: type,
    createTime: expireTimeOf(createdMs),
    orderLine: [
      {
        ...{ orderLineId: line, chargingMode: 'PERIOD', periodType: 'month', periodNumber: 1 },
        ...{ expireTime: expireTimeOf(expiresMs), productInfo: [item] },
      },
    ],
    buyerInfo: { customerId: 'c0ffee00112233445566778899aabbcc', customerName: 'desk-customer' },
  }
}

/** Orders that the debugging console invents (reference 11.3), by the happening they stand for. */
export const MOCK_ORDERS: Readonly<Record<string, OrderType>> = {
  MOCKPERIODYEARNEW: 'NEW',
  MOCKONETIMENEW: 'NEW',
  MOCKONDEMAND: 'NEW',
  MOCKONDEMANDPKG: 'NEW',
  MOCKPERIODDAYTRIAL: 'TRIAL',
  MOCKMONTYTRIALTOFORMAL: 'TRIAL_TO_FORMAL',
  MOCKMONTYUNSUBSCRIBE: 'UNSUBSCRIBE',
  MOCKMONTYRENEW: 'RENEW',
  MOCKMONTYCHANGE: 'CHANGE',
}

const MONTH_MS = 31 * 86_400_000

/** null for another name. */
export function mockOrder(id: string, product: Product, nowMs: number): MarketOrder | null {
  const type = Object.hasOwn(MOCK_ORDERS, id) ? MOCK_ORDERS[id] : undefined
  if (type === undefined) return null
  return { id, line: `${id}-000001`, type, createdMs: nowMs, expiresMs: nowMs + MONTH_MS, product }
}
