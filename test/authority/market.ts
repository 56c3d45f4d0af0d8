import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { setPages } from '../../src/authority/pages.ts'
import { settleWaiting } from '../../src/authority/waiting-orders.ts'
import { expireTimeOf } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk, type Reply } from './desk.ts'

/** A desk whose marketplace also answers what an order is. */
export interface Market extends Desk {
  /** What the marketplace says of an order, by its number; of others it knows nothing. */
  readonly orders: Map<string, object>
  /** The numbers that were asked for. */
  readonly asked: readonly string[]
  /** Asks for everything that is due, and applies what waited. */
  learn(): Promise<void>
  /** A purchase: its instance is in the reply. `info` null: the marketplace does not know it yet. */
  opens(order?: string, info?: object | null): Promise<Reply>
}

const PAGES = { frontEnd: 'https://cad.example.com/', admin: 'https://cad.example.com/admin' }

export async function openMarket(): Promise<Market> {
  const desk = await openDesk()
  const { authority, caller, clock } = desk
  const orders = new Map<string, object>()
  const asked: string[] = []
  const credentials = { accessKeyId: 'AKOFTHETESTS', secret: 'secret-key-of-the-tests' }
  const set = await setOpenApi(authority, 'huawei', { ...credentials, site: 'cn' })
  const paged = await setPages(authority, 'huawei', PAGES)
  if (!set.ok || !paged.ok) throw new Error('the channel cannot be furnished')
  const transport: Transport = {
    async send({ url }) {
      const number = new URL(url).searchParams.get('orderId')!
      asked.push(number)
      const orderInfo = orders.get(number)
      const body = { resultCode: orderInfo ? '000000' : '000005', resultMsg: '', orderInfo }
      return { type: 'answered', status: 200, body: new TextEncoder().encode(JSON.stringify(body)) }
    },
  }
  return {
    ...desk,
    orders,
    asked,
    async learn() {
      await deliverCalls(authority, transport)
      await settleWaiting(authority)
    },
    opens(order = desk.newOrder(), info = orderOf(order)) {
      if (info !== null) orders.set(order, info)
      return desk.send(caller.newInstance(lineOf(order), { ...desk.moment(), nowMs: clock.nowMs() }))
    },
  }
}

/** The one line of an order, as the marketplace numbers it. */
export const lineOf = (orderId: string) => ({ orderId, orderLineId: `${orderId}-000001` })

interface OrderSample {
  readonly type?: string
  readonly product?: object
  readonly created?: number
  readonly line?: object
}

/** 查询订单 on five seats of the flagship for thirty days, or what is given. */
export function orderOf(
  number: string,
  { type = 'NEW', product, created = NOON, line }: OrderSample = {},
): object {
  return {
    orderId: number,
    orderType: type,
    createTime: expireTimeOf(created * 1000),
    buyerInfo: { customerId: 'customer-1', customerName: '张三' },
    orderLine: [
      {
        orderLineId: lineOf(number).orderLineId,
        chargingMode: 'PERIOD',
        expireTime: expireTimeOf((NOON + 30 * DAY) * 1000),
        productInfo: [{ productId: 'OFFI-GOLD', linearValue: 5, ...product }],
        ...line,
      },
    ],
  }
}
