import type { CitedOrder, Demand, Intent, UnknownScene } from '../../authority/marketplace.ts'
import type { Zone } from './date.ts'
import { cited, ID } from './orders.ts'
import type { Activity, FieldReader } from './wire.ts'

const SCENE = 64
const SCENES: ReadonlySet<string> = new Set(['RENEWAL', 'TRIAL_TO_FORMAL', 'UNSUBSCRIBE_RENEWAL_PERIOD'])
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

function refreshLicenseCode(fields: FieldReader, zone: Zone | null): Intent {
  const scene = fields.text('scene', SCENE)
  const order = fields.text('orderId', ID)
  const line = fields.text('orderLineId', ID)
  if (!SCENES.has(scene)) return unknownScene(fields, { id: order, line }, scene)
  fields.optionalText('productId', ID)
  const paidUntil = fields.expireTime(zone)
  if (scene === 'UNSUBSCRIBE_RENEWAL_PERIOD')
    return demand(fields, { type: 'shorten', order, paidUntil }, { id: order, line, cause: 'cancellation' })
  const formal = scene === 'TRIAL_TO_FORMAL'
  const cause = formal ? 'formal' : 'renewal'
  return demand(fields, { type: 'renew', order, paidUntil, formal }, { id: order, line, cause })
}

function unknownScene(fields: FieldReader, order: UnknownScene['order'], scene: string): UnknownScene {
  const instance = fields.text('license', ID)
  return { type: 'unknown_scene', test: fields.flag('testFlag'), instance, order, scene }
}

function updateLicenseCodeStatus(fields: FieldReader): Demand {
  const status = fields.oneOf('status', STATUSES)
  return demand(
    fields,
    status === 'FREEZE' ? { type: 'freeze', cause: 'status_call' } : { type: 'reinstate' },
    null,
  )
}

function releaseLicenseCode(fields: FieldReader): Demand {
  const id = fields.optionalText('orderId', ID)
  const line = fields.optionalText('orderLineId', ID)
  return demand(fields, { type: 'release' }, id === null ? null : { id, line, cause: 'cancellation' })
}

interface Named {
  readonly id: string
  readonly line: string | null
  readonly cause: CitedOrder['cause']
}

function demand(fields: FieldReader, command: Demand['command'], named: Named | null): Demand {
  const instance = fields.text('license', ID)
  const order = named && cited(named.id, named.line, instance, named.cause)
  return { type: 'demand', test: fields.flag('testFlag'), instance, command, unknown: 'meet', order }
}
