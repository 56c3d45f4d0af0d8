import type { ToldOrder } from '../../authority/marketplace.ts'
import { endOfPeriod, type Period } from '../../domain/period.ts'
import type { Seconds } from '../../domain/time.ts'
import { readExpireTime, type Zone } from './date.ts'
import { productOf } from './products.ts'
import type { FieldReader } from './wire.ts'

const UNDOCUMENTED = 1024

/** As words in one family's documents and as digits in another's. */
const CHARGING: ReadonlyMap<string, ToldOrder['charging']> = new Map([
  ['PERIOD', 'PERIOD'],
  ['1', 'PERIOD'],
  ['ONE_TIME', 'ONE_TIME'],
  ['3', 'ONE_TIME'],
  ['ON_DEMAND', 'ON_DEMAND'],
  ['ON_DEMAND_PKG', 'ON_DEMAND_PKG'],
])

/**
 * The order as the older `newInstance` brings it (reference 6.3), or null where it does not say all that a license
 * needs: then the marketplace is asked.
 */
export function toldOrder(
  order: FieldReader,
  buyer: FieldReader | null,
  zone: Zone | null,
): ToldOrder | null {
  const trial = order.flag('trialFlag')
  const paidUntil = order.optionalExpireTime(zone)
  const charging = CHARGING.get(order.word('chargingMode') ?? '') ?? null
  const created = order.optionalText('createTime', UNDOCUMENTED)
  const orderedAt = created && zone && readExpireTime(created, zone)
  const bought = productOf(order)
  if (bought === null || typeof orderedAt !== 'number') return null
  const end = paidUntil ?? endOf(order, orderedAt)
  const endless = charging !== null && charging !== 'PERIOD' && !trial
  if (end === null && !endless) return null
  const kind = trial ? 'TRIAL' : 'NEW'
  return { kind, orderedAt, charging, paidUntil: end, ...bought, customer: buyer && customerOf(buyer) }
}

const UNITS: readonly Period['unit'][] = ['year', 'month', 'day']

function endOf(order: FieldReader, orderedAt: Seconds): Seconds | null {
  const unit = UNITS.find((one) => one === order.word('periodType')?.toLowerCase())
  const count = Number(order.word('periodNumber') ?? 1)
  const isCount = Number.isInteger(count) && count > 0 && count < 1_000
  return unit !== undefined && isCount ? endOfPeriod(orderedAt, { unit, count }) : null
}

function customerOf(buyer: FieldReader): string | null {
  const names = ['customerId', 'customerName', 'userId', 'userName', 'mobilePhone', 'email']
  const known = names.map((name) => [name, buyer.display(name, UNDOCUMENTED)] as const)
  const sent = known.filter(([, value]) => value !== null)
  return sent.length === 0 ? null : JSON.stringify(Object.fromEntries(sent))
}
