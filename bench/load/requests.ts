import { createHmac, randomBytes } from 'node:crypto'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { expireTimeOf, huaweiCaller } from '../../src/marketplace/huawei/caller.ts'
import { encryptSensitive } from '../../src/marketplace/huawei/sensitive.ts'
import type { Plain, Prepare, Purchases, Validations } from './protocol.ts'

/** A request that only has to be sent, and what its answer must be. */
export interface Prepared {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body: string | null
  /** The license text in the answer, or null when it carries none. Throws when the answer is not the right one. */
  readonly check: (answer: string) => string | null
}

export function prepare({ address, what }: Prepare): Prepared[] {
  switch (what.type) {
    case 'purchases':
      return purchases(address, what)
    case 'validations':
      return validations(address, what)
    case 'plain':
      return plain(address, what)
    default:
      return what satisfies never
  }
}

const YEAR_MS = 365 * 86_400_000

function purchases(address: string, { accessKey, prefix, count }: Purchases): Prepared[] {
  const hmacSha256 = (key: Uint8Array, bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest()
  const caller = huaweiCaller({ hmacSha256 }, address, accessKey)
  const nowMs = Date.now()
  const expireTime = expireTimeOf(nowMs + YEAR_MS)
  return Array.from({ length: count }, (_, index) => {
    const orderId = `${prefix}${String(index).padStart(9, '0')}`
    const fields = { ...BUYER, ...encryptedFor(accessKey), orderId, expireTime }
    const { url } = caller.getLicense(fields, { nowMs, nonce: `bench-${orderId}` })
    return { method: 'GET', path: pathOf(url), body: null, check: checkSold }
  })
}

/** By the longer of the two keys, as in the marketplace's sample. */
function encryptedFor(accessKey: string): { readonly mobilePhone: string; readonly email: string } {
  const encrypted = (text: string) =>
    encryptSensitive(legacyCrypto, '1', Buffer.from(accessKey), text, randomBytes)
  return { mobilePhone: encrypted('13800138000'), email: encrypted('operator@buyer.example.com') }
}

/** The fields that the marketplace sends with a periodic order, but for phone and e-mail: they arrive encrypted. */
const BUYER = {
  orderLineId: '1',
  customerId: '68cbc86abc2018ab880d92f36422fa0e',
  customerName: 'buyer-of-the-bench',
  userId: '1f2b3c4d5e6f708192a3b4c5d6e7f809',
  userName: 'operator-of-the-buyer',
  productId: 'OFFI-bench',
  skuCode: 'sku-bench',
  amount: 25,
  chargingMode: 1,
  periodType: 'year',
  periodNumber: 1,
}

function checkSold(answer: string): string {
  const { resultCode, license } = JSON.parse(answer)
  if (resultCode !== '000000' || !String(license).startsWith('LC1-')) throw new Error(`not sold: ${answer}`)
  return license
}

function validations(address: string, { texts, count }: Validations): Prepared[] {
  const path = pathOf(address)
  const bodies = texts.map((code, index) => JSON.stringify({ code, nonce: `bench-${index}` }))
  return Array.from({ length: count }, (_, index) => {
    return { method: 'POST', path, body: bodies[index % bodies.length]!, check: checkValid }
  })
}

function checkValid(answer: string): null {
  const { valid, statement } = JSON.parse(answer)
  if (valid !== true || typeof statement !== 'string') throw new Error(`not valid: ${answer}`)
  return null
}

function plain(address: string, { count }: Plain): Prepared[] {
  return Array.from({ length: count }, () => ({
    method: 'GET',
    path: pathOf(address),
    body: null,
    check: () => null,
  }))
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
