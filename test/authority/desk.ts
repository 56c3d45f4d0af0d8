import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Authority } from '../../src/authority/authority.ts'
import type { LogDetail } from '../../src/authority/host.ts'
import type { RawCall } from '../../src/authority/marketplace.ts'
import type { Store } from '../../src/authority/ports.ts'
import { receive } from '../../src/authority/receive.ts'
import { type ValidationAnswer, type ValidationRequest, validate } from '../../src/authority/validate.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import type { Catalog } from '../../src/domain/catalog.ts'
import {
  expireTimeOf,
  type HuaweiCall,
  type HuaweiCaller,
  huaweiCaller,
  type Moment,
} from '../../src/marketplace/huawei/caller.ts'
import { verifySync } from '../../src/verify/node.ts'
import { ACCESS_KEY, CATALOG, NOON, openTestInstance, type TestInstance } from '../support/instance.ts'

export const ADDRESS = 'https://licenses.example.com/callbacks/huawei'
export const DAY = 86_400

/** What came back, read as the marketplace reads it. */
export interface Reply {
  readonly body: string
  readonly code: string
  readonly license: string
  readonly instance: string
  /** The access key that signed the answer, as far as the desk knows it. */
  readonly signedBy: string | null
  /** What the door logs of the call. */
  readonly told: LogDetail
}

/** A real instance and a caller that signs like the marketplace, joined without a socket. */
export interface Desk extends TestInstance {
  readonly caller: HuaweiCaller
  /** The caller's clock is ours; the nonce was never used before. */
  moment(): Moment
  /** Sends a call as it is. `authority` replaces the instance's own, for a store that fails. */
  send(call: HuaweiCall, authority?: Authority): Promise<Reply>
  /** An order number that was never used before. */
  newOrder(): string
  /** Buys five seats of the flagship for thirty days, or what `fields` say. */
  buy(fields?: Readonly<Record<string, string | number | undefined>>): Promise<Reply>
  /** What validation answers about a text; throws when it is no answer. */
  ask(text: string, wish?: Partial<ValidationRequest>): Promise<ValidationAnswer>
  /** The newest code of a license, as validation hands it to the holder of an older one. */
  newest(text: string): Promise<string | undefined>
  /** The verdict of shipped software that pinned the root of this instance. */
  verdictOf(text: string, fingerprint?: string): ReturnType<typeof verifySync>
  /** The access keys whose signatures the desk knows. */
  readonly known: Map<string, HuaweiCaller>
}

export const PURCHASE = {
  customerId: 'customer-1',
  orderId: 'CS-1001',
  productId: 'OFFI-GOLD',
  amount: 5,
  expireTime: expireTimeOf((NOON + 30 * DAY) * 1000),
} as const

export async function openDesk(catalog: Catalog = CATALOG): Promise<Desk> {
  const instance = await openTestInstance(catalog)
  const { authority, clock, config } = instance
  const caller = huaweiCaller(nodeCrypto, ADDRESS, ACCESS_KEY)
  const known = new Map([[ACCESS_KEY, caller]])
  let orders = 0
  const shipped = readFileSync(join(config.data, 'root-manifests.json'), 'utf8')
  const moment = (): Moment => ({ nowMs: clock.nowMs(), nonce: randomBytes(16).toString('hex') })

  async function send(call: HuaweiCall, by: Authority = authority): Promise<Reply> {
    const snapshot = await authority.configuration.current(clock.now())
    const channel = snapshot.channels.get('huawei')!
    const answer = await receive(by, snapshot, channel, arriving(call), never(), 'request-1')
    const { resultCode = '', license = '', instanceId = '' } = JSON.parse(answer.body)
    const sign = answer.headers['Body-Sign'] ?? null
    const signedBy = [...known].find(([, one]) => one.bodySignHolds(answer.body, sign))?.[0] ?? null
    return { body: answer.body, code: resultCode, license, instance: instanceId, signedBy, told: answer.told }
  }

  async function ask(text: string, wish: Partial<ValidationRequest> = {}): Promise<ValidationAnswer> {
    const snapshot = await authority.configuration.current(clock.now())
    const result = await validate(authority, snapshot, { text, fingerprint: null, nonce: null, ...wish })
    if (result.type !== 'answer') throw new Error(result.type)
    return result.answer
  }

  return {
    ...instance,
    caller,
    ask,
    newest: async (text) => (await ask(text)).currentCode,
    known,
    moment,
    send,
    newOrder: () => `CS-${2000 + ++orders}`,
    buy: (fields = {}) => send(caller.getLicense({ ...PURCHASE, ...fields }, moment())),
    verdictOf: (text, fingerprint) =>
      verifySync(text, shipped, {
        now: clock.now(),
        ...(fingerprint !== undefined && { device: fingerprint }),
      }),
  }
}

/** What the server sees of a call. */
export function arriving({ method, url, headers, body }: HuaweiCall): RawCall {
  const { pathname, search } = new URL(url)
  const address = pathname.slice(new URL(ADDRESS).pathname.length)
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    method,
    query: search.slice(1),
    contentType: headers['Content-Type'] ?? null,
    body: new TextEncoder().encode(body ?? ''),
    ...(address !== '' && { below: { address, headers: Object.fromEntries(lower) } }),
  }
}

/** A deadline that does not come. */
export const never = (): Promise<never> => new Promise(() => {})

/** An authority whose store answers some questions otherwise. */
export function withStore(authority: Authority, changed: Partial<Store>): Authority {
  return { ...authority, store: { ...authority.store, ...changed } }
}

/** The claims of a statement; its signature is checked elsewhere. */
export function claimsOf({ statement }: ValidationAnswer): Record<string, unknown> {
  return JSON.parse(Buffer.from(statement!.split('.')[1]!, 'base64url').toString())
}

/** `days` after noon of the first day, in the digits of an `expireTime`. */
export const inDays = (days: number): string => expireTimeOf((NOON + days * DAY) * 1000)
