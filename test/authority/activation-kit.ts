import {
  type Activation,
  type ActivationRequest,
  type Asker,
  activate,
} from '../../src/authority/activate.ts'
import type { ActivationAnswer } from '../../src/authority/activation/describe.ts'
import type { Authority } from '../../src/authority/authority.ts'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import type { Sent, Transport } from '../../src/authority/outgoing/transport.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { expireTimeOf } from '../../src/marketplace/huawei/caller.ts'
import type { Books, MarketCode } from '../../src/marketplace/huawei/desk/open-api/books.ts'
import { serveOpenApi, signatureFault } from '../../src/marketplace/huawei/desk/open-api/serve.ts'
import { ACCESS_KEY, NOON } from '../support/instance.ts'
import { DAY, type Desk, openDesk, type Reply } from './desk.ts'

export const CREDENTIALS = { accessKeyId: 'AKOFTHETESTS', secret: 'canary-secret-of-the-tests' }

/** In place of the marketplace's answer to the call that comes next. */
export type Instead = (url: string) => Sent | Promise<Sent>

/** A desk whose marketplace makes codes. */
export interface CodeMarket extends Desk {
  /** Codes by their own text; it knows no others. */
  readonly codes: Map<string, MarketCode>
  readonly orders: Map<string, object>
  /** The last words of the paths that were called. */
  readonly called: string[]
  readonly transport: Transport
  /** The next calls are answered so, null as ever; afterwards it works again. */
  next(...instead: readonly (Instead | null)[]): void
  /** Sells a code that nobody has activated; of an order that it knows. */
  sells(code: string, facts?: Partial<MarketCode>, order?: object): void
  activation(code: string, wish?: Partial<ActivationRequest>, by?: Authority): Promise<Activation>
  /** As `activation`; throws when there is no answer. */
  activates(code: string, wish?: Partial<ActivationRequest>): Promise<ActivationAnswer>
  renews(code: string, days: number, more?: { scene?: string; orderId?: string }): Promise<Reply>
  status(code: string, status: 'FREEZE' | 'UNFREEZE'): Promise<Reply>
  releases(code: string): Promise<Reply>
  /** Goes on to a moment at which each code is asked about, and asks. */
  reconciles(after?: number): Promise<void>
}

/** Waits for ever, and may guess as often as he likes. */
export const PATIENT: Asker = {
  expired: new Promise(() => undefined),
  guesses: { take: () => 0, giveBack: () => undefined },
}

export const inDaysText = (days: number): string => expireTimeOf((NOON + days * DAY) * 1000)

/** Five seats of the flagship for thirty days. */
export const SOLD: MarketCode = {
  status: 'ALIVE',
  expireTime: inDaysText(30),
  productId: 'OFFI-GOLD',
  orderId: 'CS-PL',
  amount: 5,
  activateTime: null,
}

export function orderOfCode(id: string, type = 'NEW', line: object = {}): object {
  const product = { productId: 'OFFI-GOLD', linearValue: 5 }
  return {
    orderId: id,
    orderType: type,
    createTime: inDaysText(0),
    buyerInfo: { customerId: 'customer-1', customerName: '张三' },
    orderLine: [{ orderLineId: `${id}-1`, chargingMode: 'PERIOD', productInfo: [product], ...line }],
  }
}

export async function openCodeMarket(): Promise<CodeMarket> {
  const desk = await openDesk()
  const { authority, caller, clock, moment, send } = desk
  const set = await setOpenApi(authority, 'huawei', { ...CREDENTIALS, site: 'intl' })
  if (!set.ok) throw new Error(set.no.reason)
  const far = marketplace(() => clock.nowMs())
  let number = 0
  const activation: CodeMarket['activation'] = async (code, wish = {}, by = authority) => {
    const snapshot = await authority.configuration.current(clock.now())
    const request = { code, channel: null, fingerprint: null, ...wish }
    return activate(by, snapshot, far.transport, request, PATIENT)
  }
  return {
    ...desk,
    ...far,
    sells(code, facts = {}, order = orderOfCode(facts.orderId ?? SOLD.orderId)) {
      far.codes.set(code, { ...SOLD, ...facts })
      far.orders.set(facts.orderId ?? SOLD.orderId, order)
    },
    activation,
    async activates(code, wish) {
      const result = await activation(code, wish)
      if (result.type !== 'answer') throw new Error(result.type)
      return result.answer
    },
    renews(code, days, { scene = 'RENEWAL', orderId = `CS-R${++number}` } = {}) {
      const renewal = {
        license: code,
        scene,
        orderId,
        orderLineId: `${orderId}-1`,
        expireTime: inDaysText(days),
      }
      return send(caller.refreshLicenseCode(renewal, moment()))
    },
    status: (code, status) => send(caller.updateLicenseCodeStatus({ license: code, status }, moment())),
    releases: (code) => send(caller.releaseLicenseCode({ license: code }, moment())),
    async reconciles(after = 27 * 3_600) {
      clock.time += after
      await sweep(authority)
      await deliverCalls(authority, far.transport)
    },
  }
}

type Far = Pick<CodeMarket, 'codes' | 'orders' | 'called' | 'transport' | 'next'>

/** The desk's open APIs without a socket; it checks what is signed. */
function marketplace(nowMs: () => number): Far {
  const codes = new Map<string, MarketCode>()
  const orders = new Map<string, object>()
  const called: string[] = []
  const waiting: (Instead | null)[] = []
  const books: Books = {
    order: (id) => orders.get(id) ?? null,
    expects: () => true,
    uploaded: () => undefined,
    activate(id) {
      const code = codes.get(id)
      if (code === undefined) return 92020005
      if (code.activateTime !== null) return 92020003
      const activated = { ...code, activateTime: inDaysText(0) }
      codes.set(id, activated)
      return activated
    },
    code(id) {
      const code = codes.get(id)
      if (code === undefined) return 92020005
      return code.activateTime === null ? 92020011 : code
    },
    usage: () => undefined,
  }
  const transport: Transport = {
    async send({ method, url, headers, body }) {
      const { pathname, search, host } = new URL(url)
      called.push(pathname.split('/').at(-1)!)
      const instead = waiting.shift()
      if (instead) return instead(url)
      const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
      const arrived = {
        method,
        target: pathname + search,
        headers: { ...Object.fromEntries(named), host },
        body,
      }
      const fault = signatureFault(
        nodeCrypto,
        arrived,
        { credentials: CREDENTIALS, accessKey: ACCESS_KEY },
        nowMs(),
      )
      if (fault !== null) throw new Error(fault)
      const { status, json } = await serveOpenApi(nodeCrypto, books, arrived)
      return answered(json, status)
    },
  }
  return { codes, orders, called, transport, next: (...instead) => void waiting.push(...instead) }
}

export const answered = (json: unknown, status = 200): Sent => ({
  type: 'answered',
  status,
  body: new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json)),
})

export const failing =
  (why: Extract<Sent, { type: 'failed' }>['why']): Instead =>
  () => ({ type: 'failed', why })
export const saying =
  (json: unknown, status = 200): Instead =>
  () =>
    answered(json, status)
