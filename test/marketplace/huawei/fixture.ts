import type { Channel, Intent, Opened, RawCall } from '../../../src/authority/marketplace.ts'
import { legacyCrypto } from '../../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import {
  type Fields,
  type HuaweiCall,
  huaweiCaller,
  type Moment,
} from '../../../src/marketplace/huawei/caller.ts'
import { huaweiMarketplace } from '../../../src/marketplace/huawei/index.ts'

export const ACCESS_KEY = 'test-access-key-0001'
export const NOW = Date.UTC(2026, 10, 21, 9, 30, 0, 250)
export const NONCE = '9F26B85CAEB3A8439221BA293E9250BC'
export const MOMENT: Moment = { nowMs: NOW, nonce: NONCE }

export const plugin = huaweiMarketplace(nodeCrypto, legacyCrypto)
export const caller = huaweiCaller(nodeCrypto, 'https://license.example/callbacks/huawei', ACCESS_KEY)

export const keyOf = (id: string, secret: string) => ({ id, secret: new TextEncoder().encode(secret) })

export const channel: Channel = {
  name: 'huawei',
  kind: 'huawei',
  timeZone: 'UTC',
  windows: { timestamp: 60, authToken: 900 },
  keys: [keyOf('aaaaaaaa', 'an-older-key'), keyOf('bbbbbbbb', ACCESS_KEY)],
  openApi: null,
  pages: { frontEnd: 'https://cad.example/start', admin: null },
}

export const PURCHASE = {
  activity: 'getLicense',
  customerId: '68cbc86abc2018ab880d92f36422fa0e',
  customerName: '张三',
  businessId: '61e834ba-7b97-4418-b8f7-e5345137278c',
  orderId: 'CS1906666666ABCDE',
  productId: 'OFFI123',
  expireTime: '20271121093000',
} as const

export const RENEWAL = {
  activity: 'refreshLicenseCode',
  scene: 'RENEWAL',
  orderId: 'CS2211181819B4LVS',
  orderLineId: 'CS2211181819B4LVS-000001',
  license: 'PL0001',
  expireTime: '20271121093000',
} as const

/** What the server would see of a call. */
export function arriving(call: HuaweiCall): RawCall {
  return {
    method: call.method,
    query: call.url.slice(call.url.indexOf('?') + 1),
    contentType: call.headers['Content-Type'] ?? null,
    body: new TextEncoder().encode(call.body ?? ''),
  }
}

export const open = (call: RawCall, to: Channel = channel, nowMs = NOW): Opened =>
  plugin.open(call, to, nowMs)

export const openGet = (fields: Fields, to: Channel = channel): Opened =>
  open(arriving(caller.get(fields, MOMENT)), to)

export const openPost = (fields: Fields, to: Channel = channel): Opened =>
  open(arriving(caller.post(fields, MOMENT)), to)

/** The intent of a call that must be authentic and well formed. */
export function intentOf(opened: Opened): Intent {
  if (opened.type === 'authentic' && opened.intent !== null) return opened.intent
  throw new Error(`no intent: ${opened.why}`)
}

/** One word for how a call fared: the reply to a rejected one, `faulty` for an authentic one with bad fields. */
export function fate(opened: Opened): 'unauthenticated' | 'malformed' | 'faulty' | 'accepted' {
  if (opened.type === 'rejected') return opened.reply.type
  return opened.intent === null ? 'faulty' : 'accepted'
}

/** A body of any bytes with a good signature over exactly them. */
export function signedBody(body: string | Uint8Array, moment: Moment = MOMENT, key = ACCESS_KEY): RawCall {
  const raw = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const secret = new TextEncoder().encode(key)
  const bodyHash = Buffer.from(nodeCrypto.hmacSha256(secret, raw)).toString('hex')
  const text = key + moment.nonce + moment.nowMs + bodyHash
  const signature = Buffer.from(nodeCrypto.hmacSha256(secret, Buffer.from(text))).toString('hex')
  const query = `signature=${signature}&timestamp=${moment.nowMs}&nonce=${moment.nonce}`
  return { method: 'POST', query, contentType: 'application/json', body: raw }
}
