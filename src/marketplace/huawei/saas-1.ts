import type { Demand, Sale, Upgrade } from '../../authority/marketplace.ts'
import { type Reveal, UNDOCUMENTED } from './buyer.ts'
import type { Zone } from './date.ts'
import { cited, ID, isTest } from './orders.ts'
import { purchaseOf } from './purchase.ts'
import type { Activity, FieldReader } from './wire.ts'

const STATUSES = ['FREEZE', 'NORMAL'] as const

/**
 * SaaS 1.0 (reference 8): License 1.0 in all but what is shown of a purchase. Its orders have no lines of their own,
 * and an upgrade says what was bought, so nobody has to be asked.
 */
export const SAAS_1: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['newInstance', newInstance],
  ['refreshInstance', refreshInstance],
  ['expireInstance', expireInstance],
  ['releaseInstance', releaseInstance],
  ['upgrade', upgrade],
  ['instanceStatus', instanceStatus],
])

/** Called again whenever the buyer opens the resource. */
function newInstance(fields: FieldReader, zone: Zone | null, reveal: Reveal): Sale {
  if (fields.display('customerName', ID) === null) fields.refuse('customerName: missing')
  const purchase = purchaseOf(fields, zone, reveal)
  return { ...purchase, test: isTest(fields, purchase.order.id), shown: 'as_instance' }
}

function refreshInstance(fields: FieldReader, zone: Zone | null): Demand {
  const order = fields.text('orderId', ID)
  const formal = fields.flag('trialToFormal')
  fields.optionalText('productId', ID)
  const command = { type: 'renew', order, paidUntil: fields.expireTime(zone), formal } as const
  return demand(fields, command, order, formal ? 'formal' : 'renewal')
}

/**
 * The call is the fact, the `expireTime` of the sale was an estimate (contract 3.1). License 1.0 may call it too, of
 * which no page says that it names an order, and the order decides nothing: one without is not turned away [assumed].
 */
function expireInstance(fields: FieldReader): Demand {
  return demand(fields, { type: 'freeze', cause: 'expiry_call' }, fields.optionalText('orderId', ID))
}

function releaseInstance(fields: FieldReader): Demand {
  return demand(fields, { type: 'release' }, fields.text('orderId', ID))
}

function upgrade(fields: FieldReader): Upgrade {
  const instance = fields.text('instanceId', ID)
  const id = fields.text('orderId', ID)
  return {
    type: 'upgrade',
    test: isTest(fields, id),
    instance,
    order: cited(id, null, instance, 'upgrade').ref,
    bought: {
      marketplaceProduct: fields.text('productId', ID),
      sku: fields.text('skuCode', ID),
      quantity: fields.optionalText('amount', UNDOCUMENTED),
    },
  }
}

function instanceStatus(fields: FieldReader): Demand {
  const status = fields.oneOf('instanceStatus', STATUSES)
  const freeze = { type: 'freeze', cause: 'status_call' } as const
  return demand(fields, status === 'FREEZE' ? freeze : { type: 'reinstate' }, null)
}

/** `cause` where `order` is the call's own, and not the purchase's once more. */
function demand(
  fields: FieldReader,
  command: Demand['command'],
  order: string | null,
  cause: 'renewal' | 'formal' | null = null,
): Demand {
  const instance = fields.text('instanceId', ID)
  const named = order === null || cause === null ? null : cited(order, null, instance, cause)
  return { type: 'demand', test: isTest(fields, order), instance, command, unknown: 'park', order: named }
}
