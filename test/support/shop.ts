import { type FakeHuawei, fakeHuawei } from './fake-huawei/index.ts'
import { type Program, program, type Running } from './program.ts'

export const SHOP_KEY = 'access-key-of-the-shop-0001'

export const CATALOG = {
  products: [
    {
      id: 1001,
      code: 'cad-pro',
      name: 'CAD Pro',
      graceDays: 3,
      features: ['render', 'export', 'simulate'],
      editions: [
        { id: 1, code: 'standard', features: ['render'] },
        { id: 2, code: 'flagship', features: ['render', 'export', 'simulate'] },
      ],
    },
    { id: 1002, code: 'no-grace', graceDays: 0, editions: [{ id: 1, code: 'only' }] },
  ],
  offers: [
    {
      channel: 'huawei',
      marketplaceProduct: 'OFFI-GOLD',
      product: 'cad-pro',
      edition: 'flagship',
      seats: 'amount',
    },
  ],
}

/** A seller's instance made through the command line alone: initialised, one channel, one product. */
export interface Shop extends Program {
  readonly catalogFile: string
  open(environment?: NodeJS.ProcessEnv): Promise<{ readonly server: Running; readonly huawei: FakeHuawei }>
}

export async function shop(environment: NodeJS.ProcessEnv = {}): Promise<Shop> {
  const made = program(environment)
  const keyFile = made.file('huawei.key', `${SHOP_KEY}\n`)
  const catalogFile = made.file('catalog.json', JSON.stringify(CATALOG))
  await must(made, 'init')
  await must(made, 'channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', keyFile)
  await must(made, 'catalog', 'apply', catalogFile)
  return {
    ...made,
    catalogFile,
    async open(more) {
      const server = await made.start('serve', more)
      const address = `${server.url}/callbacks/huawei`
      return { server, huawei: fakeHuawei({ address, accessKey: SHOP_KEY, timeCompression: 36_000 }) }
    },
  }
}

async function must(made: Program, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await made.run(...args)
  if (code !== 0) throw new Error(`licet ${args.join(' ')} ended with ${code}: ${stderr}`)
}

/** A purchase of five seats that runs for `days`. */
export function purchase(orderId: string, days = 30) {
  return {
    customerId: 'customer-1',
    orderId,
    productId: 'OFFI-GOLD',
    amount: 5,
    expireTime: expireTime(days),
  }
}

/** 14 digits, UTC, `days` from now. */
export function expireTime(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/\D/g, '').slice(0, 14)
}
