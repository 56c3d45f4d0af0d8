import type { Bought, ChangeCheck, InstanceQuery, Upgrade } from '../../authority/marketplace.ts'
import { ID, isTest } from './orders.ts'
import { productOf } from './products.ts'
import type { Activity, FieldReader } from './wire.ts'

const MOST_INSTANCES = 100

/** What only SaaS 2.0 calls (reference 7); the rest is in `instances.ts`. */
export const SAAS_2: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['queryInstance', queryInstance],
  ['upgradeInstance', upgradeInstance],
  ['changeInstanceCheck', changeInstanceCheck],
])

/** The table's 100 characters cannot hold the 100 ids it speaks of: the ids are counted. */
function queryInstance(fields: FieldReader): InstanceQuery {
  const text = fields.text('instanceId', MOST_INSTANCES * (ID + 1))
  const ids = text.split(',').map((id) => id.trim())
  const instances = [...new Set(ids.filter((id) => id !== ''))]
  if (instances.length > MOST_INSTANCES || instances.some((id) => id.length > ID))
    fields.refuse(`instanceId: more than ${MOST_INSTANCES} ids, or one too long`)
  if (instances.length === 0) fields.refuse('instanceId: no id')
  return { type: 'instance_query', test: fields.flag('testFlag'), instances }
}

function upgradeInstance(fields: FieldReader): Upgrade {
  const id = fields.text('orderId', ID)
  return {
    type: 'upgrade',
    test: isTest(fields, id),
    instance: fields.text('instanceId', ID),
    order: { id, line: fields.text('orderLineId', ID) },
    bought: null,
  }
}

function changeInstanceCheck(fields: FieldReader): ChangeCheck {
  const instance = fields.text('instanceId', ID)
  const bought = productOf(fields)
  if (bought === null) fields.refuse('productInfo: missing')
  return { type: 'change_check', test: fields.flag('testFlag'), instance, ...(bought ?? NOTHING) }
}

/** Stands where the reader has a fault. */
const NOTHING: Bought = { marketplaceProduct: '', sku: null, quantity: null }
