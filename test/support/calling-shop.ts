import { type OpenApi, openApi } from './fake-huawei/open-api.ts'
import { expireTime, SHOP_KEY, type Shop, shop } from './shop.ts'

const CREDENTIALS = { accessKeyId: 'AKOFTHESHOP', secret: 'canary-secret-of-the-shop' }

/** A shop that calls the marketplace's open APIs, and these. */
export interface CallingShop {
  readonly seller: Shop
  readonly far: OpenApi
  /** The order of a line of the shop's product that ends in thirty days, as the marketplace will tell it. */
  says(orderId: string, orderType: string, linearValue: number): void
  remove(): Promise<void>
}

export async function callingShop(environment: NodeJS.ProcessEnv): Promise<CallingShop> {
  const seller = await shop(environment)
  const far = await openApi({ credentials: CREDENTIALS, accessKey: SHOP_KEY, nowMs: Date.now })
  const keys = seller.file('open-api.txt', `${CREDENTIALS.accessKeyId}\n${CREDENTIALS.secret}\n`)
  await seller.json('channel', 'set-open-api', 'huawei', '--credentials-file', keys, '--site', far.url)
  return {
    seller,
    far,
    says(orderId, orderType, linearValue) {
      const productInfo = [{ productId: 'OFFI-GOLD', linearValue }]
      const line = { ...lineOf(orderId), chargingMode: 'PERIOD', expireTime: expireTime(30), productInfo }
      far.orders.set(orderId, { orderId, orderType, createTime: expireTime(0), orderLine: [line] })
    },
    async remove() {
      await seller.remove()
      await far.close()
    },
  }
}

export const lineOf = (orderId: string) => ({ orderId, orderLineId: `${orderId}-000001` })
