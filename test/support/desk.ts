import { nodeCrypto } from '../../src/crypto/node.ts'
import { huaweiCaller } from '../../src/marketplace/huawei/caller.ts'
import { huaweiKitCaller } from '../../src/marketplace/huawei/caller-kit.ts'
import { type Desk, openDesk } from '../../src/marketplace/huawei/desk/desk.ts'
import type { DeskEvent } from '../../src/marketplace/huawei/desk/event.ts'
import type { Line } from '../../src/marketplace/huawei/desk/line.ts'
import type { FamilyName } from '../../src/marketplace/huawei/desk/market.ts'
import { httpLine } from '../../src/runtime/desk/line.ts'
import { type OpenApiServer, serveOpenApis } from '../../src/runtime/desk/open-api-server.ts'
import { SHOP_KEY, type Shop } from './shop.ts'

/** Bound to 联营SaaS同步接口, and newer than the key of the base interfaces. */
const KIT_KEY = 'access-key-of-the-kit-0001'

const CREDENTIALS = { accessKeyId: 'AKOFTHEDESK', secret: 'secret-key-of-the-desk' }

/** The simulated marketplace before a shop that knows where to call it. */
export interface ShopDesk {
  readonly desk: Desk
  readonly events: readonly DeskEvent[]
  close(): Promise<void>
}

/** `address` is the production address. The shop's open APIs, front end and kit key are set by its command line. */
export async function deskBefore(
  seller: Shop,
  address: string,
  families: readonly FamilyName[],
  dayMs: number,
  changed: Partial<Line> = {},
): Promise<ShopDesk> {
  const [opened, compression] = [Date.now(), 86_400_000 / dayMs]
  const stopping = new AbortController()
  const events: DeskEvent[] = []
  const line = httpLine({ compression, nowMs: Date.now, stopping: stopping.signal })
  const desk = openDesk({
    ...{ crypto: nodeCrypto, families, origin: new URL(address).origin },
    line: { ...line, ...changed },
    callers: {
      base: huaweiCaller(nodeCrypto, address, SHOP_KEY),
      kit: huaweiKitCaller(nodeCrypto, address, KIT_KEY),
    },
    gate: { credentials: CREDENTIALS, accessKey: SHOP_KEY },
    product: { productId: 'OFFI-GOLD', sku: null, quantity: 5 },
    marketMs: () => opened + (Date.now() - opened) * compression,
    tell: (event) => void events.push(event),
  })
  const server: OpenApiServer = await serveOpenApis({ host: '127.0.0.1', port: 0 }, desk.openApi)
  const keys = seller.file('desk.txt', `${CREDENTIALS.accessKeyId}\n${CREDENTIALS.secret}\n`)
  await seller.json('channel', 'set-open-api', 'huawei', '--credentials-file', keys, '--site', server.url)
  const kit = seller.file('kit.txt', `${KIT_KEY}\n`)
  await seller.json('channel', 'add-key', 'huawei', '--access-key-file', kit)
  await seller.json('channel', 'set', 'huawei', '--front-end-url', 'https://cad.example.com/')
  return {
    desk,
    events,
    async close() {
      stopping.abort()
      await server.close()
    },
  }
}
