import type { Demand, Sale } from '../../authority/marketplace.ts'
import type { Reveal } from './buyer.ts'
import type { Zone } from './date.ts'
import { cited, ID } from './orders.ts'
import { purchaseOf } from './purchase.ts'
import type { Activity, FieldReader } from './wire.ts'

/**
 * License 1.0 (reference 5): the marketplace asks for a license and later names it by the `instanceId` it was
 * given. Fields that decide nothing here are signed like all others and not looked at.
 */
export const LICENSE_1: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['getLicense', getLicense],
  ['refreshLicense', refreshLicense],
  ['expireLicense', expireLicense],
  ['releaseLicense', releaseLicense],
])

function getLicense(fields: FieldReader, zone: Zone | null, reveal: Reveal): Sale {
  return { ...purchaseOf(fields, zone, reveal), test: fields.flag('testFlag') }
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
