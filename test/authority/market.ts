import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import type { OutgoingRequest, Transport } from '../../src/authority/outgoing/transport.ts'
import { setPages } from '../../src/authority/pages.ts'
import { settleWaiting } from '../../src/authority/waiting-orders.ts'
import { expireTimeOf } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk, type Reply } from './desk.ts'

/** A desk whose marketplace also answers what an order is. */
export interface Market extends Desk {
  /** What the marketplace says of an order, by its number; of others it knows nothing. */
  readonly orders: Map<string, object>
  /** What was uploaded, oldest first; `refuses`, when it is set, is the code it is refused with. */
  readonly uploads: Upload[]
  readonly far: { refuses: string | null }
  /** The numbers that were asked for. */
  readonly asked: readonly string[]
  /** Asks for everything that is due, and applies what waited. */
  learn(): Promise<void>
  /** A purchase: its instance is in the reply. `info` null: the marketplace does not know it yet. */
  opens(order?: string, info?: object | null): Promise<Reply>
}

export interface Upload {
  readonly event: string
  readonly text: string
}

const PAGES = { frontEnd: 'https://cad.example.com/', admin: 'https://cad.example.com/admin' }

export async function openMarket(): Promise<Market> {
  const desk = await openDesk()
  const { authority, caller, clock } = desk
  const orders = new Map<string, object>()
  const asked: string[] = []
  const uploads: Upload[] = []
  const far = { refuses: null as string | null }
  const credentials = { accessKeyId: 'AKOFTHETESTS', secret: 'secret-key-of-the-tests' }
  const set = await setOpenApi(authority, 'huawei', { ...credentials, site: 'cn' })
  const paged = await setPages(authority, 'huawei', PAGES)
  if (!set.ok || !paged.ok) throw new Error('the channel cannot be furnished')
  const transport: Transport = {
    async send(request) {
      const { url } = request
      const event = /\/market-event\/([^/]+)\/file$/.exec(url)?.[1]
      if (event !== undefined) {
        if (far.refuses === null)
          uploads.push({ event: decodeURIComponent(event), text: await textIn(request) })
        return answered({ error_code: far.refuses ?? 'CBC.0000', error_msg: '' })
      }
      const number = new URL(url).searchParams.get('orderId')!
      asked.push(number)
      const orderInfo = orders.get(number)
      return answered({ resultCode: orderInfo ? '000000' : '000005', resultMsg: '', orderInfo })
    },
  }
  return {
    ...desk,
    orders,
    uploads,
    far,
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

const answered = (body: object) =>
  ({ type: 'answered', status: 200, body: new TextEncoder().encode(JSON.stringify(body)) }) as const

/** The text of an upload, read as a server reads a form. */
async function textIn({ headers, body }: OutgoingRequest): Promise<string> {
  const form = await new Response(new Uint8Array(body), { headers: { ...headers } }).formData()
  const file = form.get('file')
  if (file !== null) return new Response(file).text()
  return JSON.parse(await new Response(form.get('isvUpdateFileReq')).text()).characters
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
