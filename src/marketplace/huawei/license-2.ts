import type { Demand } from '../../authority/marketplace.ts'
import type { Zone } from './date.ts'
import type { Activity, FieldReader } from './wire.ts'

const ID = 64

const SCENES = ['RENEWAL', 'TRIAL_TO_FORMAL', 'UNSUBSCRIBE_RENEWAL_PERIOD'] as const
const STATUSES = ['FREEZE', 'UNFREEZE'] as const

/**
 * License 2.0 (reference 4): the marketplace makes the code (`license`, `PL…`) and we may meet it first in any
 * of these calls.
 */
export const LICENSE_2: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['refreshLicenseCode', refreshLicenseCode],
  ['updateLicenseCodeStatus', updateLicenseCodeStatus],
  ['releaseLicenseCode', releaseLicenseCode],
])

function refreshLicenseCode(fields: FieldReader, zone: Zone | null): Demand {
  const scene = fields.oneOf('scene', SCENES)
  const order = fields.text('orderId', ID)
  fields.text('orderLineId', ID)
  fields.optionalText('productId', ID)
  const paidUntil = fields.expireTime(zone)
  if (scene === 'UNSUBSCRIBE_RENEWAL_PERIOD') return demand(fields, { type: 'shorten', order, paidUntil })
  const formal = scene === 'TRIAL_TO_FORMAL'
  return demand(fields, { type: 'renew', order, paidUntil, formal })
}

function updateLicenseCodeStatus(fields: FieldReader): Demand {
  const status = fields.oneOf('status', STATUSES)
  return demand(
    fields,
    status === 'FREEZE' ? { type: 'freeze', cause: 'status_call' } : { type: 'reinstate' },
  )
}

function releaseLicenseCode(fields: FieldReader): Demand {
  fields.optionalText('orderId', ID)
  fields.optionalText('orderLineId', ID)
  return demand(fields, { type: 'release' })
}

function demand(fields: FieldReader, command: Demand['command']): Demand {
  const instance = fields.text('license', ID)
  return { type: 'demand', test: fields.flag('testFlag'), instance, command, unknown: 'meet' }
}
