import type { CitedOrder, Demand, Intent, Opening } from '../../authority/marketplace.ts'
import type { Zone } from './date.ts'
import { toldOrder } from './older-opening.ts'
import { cited, ID, isTest } from './orders.ts'
import type { Activity, FieldReader } from './wire.ts'

/**
 * What online licenses (reference 6) and SaaS 2.0 (reference 7) have in common: an instance that we name and whose
 * terms are learnt from its order. The calls of the two are the same, so nothing here depends on which it is.
 */
export const INSTANCES: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['newInstance', newInstance],
  ['refreshInstance', refreshInstance],
  ['updateInstanceStatus', updateInstanceStatus],
  ['releaseInstance', releaseInstance],
])

const SCENE = 64
const STATUSES = ['FREEZE', 'UNFREEZE'] as const

/** `expireTime` of SaaS 2.0 is UTC by its page; for online licenses no earlier reading is taken [assumed]. */
const UTC: Zone = (wallMs) => wallMs

function newInstance(fields: FieldReader, zone: Zone | null): Opening {
  const older = fields.inside('orderInfo')
  if (older !== null) return olderOpening(fields, older, zone)
  const id = fields.text('orderId', ID)
  return {
    type: 'opening',
    test: isTest(fields, id),
    order: { id, line: fields.text('orderLineId', ID) },
    businessId: fields.text('businessId', ID),
    told: null,
  }
}

/** A form that one page still prints: the order comes with the call, so nobody has to be asked. */
function olderOpening(fields: FieldReader, order: FieldReader, zone: Zone | null): Opening {
  const id = order.text('orderId', ID)
  return {
    type: 'opening',
    test: isTest(fields, id),
    order: { id, line: order.optionalText('orderLineId', ID) ?? '' },
    businessId: order.text('businessId', ID),
    told: toldOrder(order, fields.inside('buyerInfo'), zone),
  }
}

function refreshInstance(fields: FieldReader): Intent {
  const scene = fields.text('scene', SCENE)
  const id = fields.text('orderId', ID)
  const line = fields.text('orderLineId', ID)
  const instance = fields.text('instanceId', ID)
  const test = isTest(fields, id)
  const named = (cause: CitedOrder['cause'], learn: boolean) => cited(id, line, instance, cause, learn)
  const demand = (command: Demand['command'], order: CitedOrder): Demand => {
    fields.optionalText('productId', ID)
    return { type: 'demand', test, instance, command, unknown: 'park', order }
  }
  const renewal = (formal: boolean) =>
    ({ type: 'renew', order: id, paidUntil: fields.expireTime(UTC), formal }) as const
  switch (scene) {
    case 'RENEWAL':
      return demand(renewal(false), named('renewal', false))
    case 'RENEWAL_CHANGE':
      return demand(renewal(false), named('changing_renewal', true))
    case 'TRIAL_TO_FORMAL':
      return demand(renewal(true), named('formal', true))
    case 'UNSUBSCRIBE_RENEWAL_PERIOD':
      return demand(cancellation(id, fields), named('cancellation', false))
    default:
      return { type: 'unknown_scene', test, instance, order: { id, line }, scene }
  }
}

/**
 * SaaS 2.0 sends an order of its own, online licenses send the renewal that is taken back. So the cancellation goes by
 * a name of its own, and a renewal of that order never applies any more.
 */
function cancellation(id: string, fields: FieldReader): Demand['command'] {
  return { type: 'shorten', order: `unsubscribe:${id}`, paidUntil: fields.expireTime(UTC), cancels: id }
}

function updateInstanceStatus(fields: FieldReader): Demand {
  const status = fields.oneOf('status', STATUSES)
  return {
    type: 'demand',
    test: fields.flag('testFlag'),
    instance: fields.text('instanceId', ID),
    command: status === 'FREEZE' ? { type: 'freeze', cause: 'status_call' } : { type: 'reinstate' },
    unknown: 'park',
    order: null,
  }
}

function releaseInstance(fields: FieldReader): Demand {
  const instance = fields.text('instanceId', ID)
  const id = fields.optionalText('orderId', ID)
  const line = fields.optionalText('orderLineId', ID)
  return {
    type: 'demand',
    test: isTest(fields, id),
    instance,
    command: { type: 'release' },
    unknown: 'park',
    order: id === null ? null : cited(id, line, instance, 'cancellation'),
  }
}
