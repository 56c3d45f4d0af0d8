import type { Demand, Sale } from '../../authority/marketplace.ts'
import type { Zone } from './date.ts'
import { cited, ID } from './orders.ts'
import type { Activity, FieldReader } from './wire.ts'

const ACCOUNT_ID = 100
const PERIODIC = '1'
/** Of fields whose table is not available: longer than anything an order can hold. */
const UNDOCUMENTED = 1024

/**
 * License 1.0 (reference 5): the marketplace asks for a license and later names it by the `instanceId` it was
 * given. Fields that decide nothing here are signed like all others and not looked at.
 */
export const LICENSE_1: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['getLicense', getLicense],
  ['refreshLicense', refreshLicense],
  ['expireLicense', expireLicense],
  ['expireInstance', expireLicense],
  ['releaseLicense', releaseLicense],
])

function getLicense(fields: FieldReader, zone: Zone | null): Sale {
  fields.text('businessId', ID)
  return {
    type: 'sale',
    test: fields.flag('testFlag'),
    order: { id: fields.text('orderId', ID), line: fields.optionalText('orderLineId', ID) ?? '' },
    marketplaceProduct: fields.text('productId', ID),
    sku: fields.optionalText('skuCode', ID),
    quantity: fields.optionalText('amount', UNDOCUMENTED),
    ...term(fields, zone),
    customer: customer(fields),
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

/** Personal data as sent, the encrypted phone and e-mail too; JSON of what there was. */
function customer(fields: FieldReader): string {
  return JSON.stringify({
    customerId: fields.text('customerId', ACCOUNT_ID),
    customerName: fields.display('customerName', 64) ?? undefined,
    userId: fields.display('userId', UNDOCUMENTED) ?? undefined,
    userName: fields.display('userName', UNDOCUMENTED) ?? undefined,
    mobilePhone: fields.display('mobilePhone', UNDOCUMENTED) ?? undefined,
    email: fields.display('email', UNDOCUMENTED) ?? undefined,
  })
}

/**
 * Also sent when a trial turns formal, and nothing in it says which: a trial that is renewed is one no more
 * [assumed]. `orderId` is the renewal's own.
 */
function refreshLicense(fields: FieldReader, zone: Zone | null): Demand {
  const order = fields.text('orderId', ID)
  fields.optionalText('productId', ID)
  const command = { type: 'renew', order, paidUntil: fields.expireTime(zone), formal: true } as const
  return demand(fields, command, order)
}

/**
 * The call is the fact, the `expireTime` of the sale was an estimate (contract 3.1). Its page is not public: the
 * order decides nothing, so a call without one is not turned away [assumed].
 */
function expireLicense(fields: FieldReader): Demand {
  fields.optionalText('orderId', ID)
  return demand(fields, { type: 'freeze', cause: 'expiry_call' })
}

function releaseLicense(fields: FieldReader): Demand {
  fields.text('orderId', ID)
  return demand(fields, { type: 'release' })
}

function demand(fields: FieldReader, command: Demand['command'], renewal: string | null = null): Demand {
  const instance = fields.text('instanceId', ID)
  const order = renewal === null ? null : cited(renewal, null, instance, 'renewal')
  return { type: 'demand', test: fields.flag('testFlag'), instance, command, unknown: 'park', order }
}
