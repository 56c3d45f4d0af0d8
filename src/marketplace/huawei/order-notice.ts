import type { Notice } from '../../authority/marketplace.ts'
import { ID, isTest } from './orders.ts'
import type { Activity, FieldReader } from './wire.ts'

/** Sent after payment for every kind of product (reference 10). */
export const ORDER_NOTICE: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['orderNotify', orderNotify],
])

function orderNotify(fields: FieldReader): Notice {
  const id = fields.text('orderId', ID)
  return {
    type: 'notice',
    test: isTest(fields, id),
    order: { id, line: fields.text('orderLineId', ID) },
  }
}
