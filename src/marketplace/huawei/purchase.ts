import type { Sale } from '../../authority/marketplace.ts'
import { buyerOf, type Reveal, UNDOCUMENTED } from './buyer.ts'
import type { Zone } from './date.ts'
import { ID } from './orders.ts'
import type { FieldReader } from './wire.ts'

const PERIODIC = '1'

/** What the purchases of License 1.0 and SaaS 1.0 have in common: all terms are in the query. */
export function purchaseOf(fields: FieldReader, zone: Zone | null, reveal: Reveal): Omit<Sale, 'test'> {
  fields.text('businessId', ID)
  return {
    type: 'sale',
    order: { id: fields.text('orderId', ID), line: fields.optionalText('orderLineId', ID) ?? '' },
    marketplaceProduct: fields.text('productId', ID),
    sku: fields.optionalText('skuCode', ID),
    quantity: fields.optionalText('amount', UNDOCUMENTED),
    ...term(fields, zone),
    customer: buyerOf(fields, reveal),
  }
}

/** No end means perpetual only when nothing says that a period was bought (contract 3.1). */
function term(fields: FieldReader, zone: Zone | null): Pick<Sale, 'paidUntil' | 'trial'> {
  const paidUntil = fields.optionalExpireTime(zone)
  const periodType = fields.optionalText('periodType', 10)
  const periodic = periodType !== null || fields.optionalText('chargingMode', UNDOCUMENTED) === PERIODIC
  if (paidUntil === null && periodic) fields.refuse('expireTime: missing from a periodic order')
  const trial = fields.flag('trialFlag')
  if (paidUntil === null && trial) fields.refuse('expireTime: missing from a trial')
  return { paidUntil, trial }
}
