import { ORDER_KINDS, type OrderInfo, type OrderLine } from '../../../authority/outgoing/port.ts'
import type { Json } from '../../../format/json.ts'
import { readExpireTime, type Zone } from '../date.ts'
import { type Members, membersOf, textOf } from './members.ts'

const CHARGING = ['ON_DEMAND', 'ONE_TIME', 'PERIOD', 'ON_DEMAND_PKG'] as const

/**
 * The `orderInfo` of 查询订单 (reference 11.3), or null when what every order must have is missing. Of the tables only
 * a part is public: members of unknown form are left out, not refused [assumed].
 */
export function readOrder(json: Json | undefined, zone: Zone): OrderInfo | null {
  const members = membersOf(json)
  const id = textOf(members?.orderId)
  const kind = ORDER_KINDS.find((one) => one === members?.orderType)
  const created = textOf(members?.createTime)
  const createdAt = created && readExpireTime(created, zone)
  const lines = members?.orderLine
  if (members === null || id === null || kind === undefined) return null
  if (typeof createdAt !== 'number' || !Array.isArray(lines)) return null
  const read = lines.map((line: Json) => readLine(line, zone))
  if (read.some((line) => line === null)) return null
  return { id, kind, createdAt, lines: read as OrderLine[], customer: customerOf(members.buyerInfo) }
}

function readLine(json: Json, zone: Zone): OrderLine | null {
  const members = membersOf(json)
  const line = textOf(members?.orderLineId)
  const charging = CHARGING.find((one) => one === members?.chargingMode)
  const product = productOf(members)
  const marketplaceProduct = textOf(product?.productId)
  if (members === null || line === null || charging === undefined || marketplaceProduct === null) return null
  const end = textOf(members.expireTime)
  const paidUntil = end === null ? null : readExpireTime(end, zone)
  if (end !== null && paidUntil === null) return null
  return {
    line,
    charging,
    paidUntil,
    period: periodOf(members),
    marketplaceProduct,
    sku: textOf(product?.skuCode),
    quantity: textOf(product?.linearValue),
  }
}

/** A list with one product in the examples; a bare object is taken as well. */
function productOf(line: Members | null): Members | null {
  const info = line?.productInfo
  return membersOf(Array.isArray(info) ? (info[0] as Json | undefined) : info)
}

const UNITS = ['year', 'month', 'day'] as const

function periodOf(line: Members): OrderLine['period'] {
  const unit = UNITS.find((one) => one === textOf(line.periodType)?.toLowerCase())
  const count = Number(textOf(line.periodNumber) ?? 1)
  return unit !== undefined && Number.isInteger(count) && count > 0 ? { unit, count } : null
}

const BUYER = ['customerId', 'customerName', 'userId', 'userName', 'mobilePhone', 'email'] as const

function customerOf(json: Json | undefined): string | null {
  const members = membersOf(json)
  const known = BUYER.map((name) => [name, textOf(members?.[name])] as const).filter(
    ([, text]) => text !== null,
  )
  return known.length === 0 ? null : JSON.stringify(Object.fromEntries(known))
}
