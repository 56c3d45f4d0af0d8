import { type DirectSale, sellDirectly } from '../../src/authority/operate.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { type Saas1Caller, saas1Caller } from '../../src/marketplace/huawei/caller-saas-1.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { ADDRESS, DAY, type Desk, inDays, openDesk, type Reply } from './desk.ts'

/** A desk at which SaaS 1.0 is sold. */
export interface Saas1Desk extends Desk {
  readonly elder: Saas1Caller
  /** Five seats of the flagship for thirty days, or what `fields` say. */
  opens(fields?: Readonly<Record<string, string | number | undefined>>): Promise<Reply>
}

const PURCHASE = {
  customerId: 'customer-1',
  customerName: '张三',
  orderId: 'CS-1001',
  productId: 'OFFI-GOLD',
  skuCode: 'sku-gold',
  amount: 5,
  expireTime: inDays(30),
} as const

export async function openSaas1Desk(): Promise<Saas1Desk> {
  const desk = await openDesk()
  const elder = saas1Caller(nodeCrypto, ADDRESS, ACCESS_KEY)
  return {
    ...desk,
    elder,
    opens: (fields = {}) => desk.send(elder.newInstance({ ...PURCHASE, ...fields }, desk.moment())),
  }
}

/** What the buyer is shown of an instance; `memo` is the license text. */
export const appInfoOf = ({ body }: Reply): Record<string, string> => JSON.parse(body).appInfo

const BY_HAND = {
  product: 'cad-pro',
  edition: 'standard',
  seats: 1,
  trial: false,
  binding: null,
  instance: null,
  order: null,
  customer: null,
}

/** One seat of the standard edition for a day, or what `sale` says. */
export const soldByHand = ({ authority, clock }: Desk, sale: Partial<DirectSale>) =>
  sellDirectly(
    authority,
    { ...BY_HAND, paidUntil: clock.time + DAY, ...sale },
    { who: 'operator', reason: null },
  )
