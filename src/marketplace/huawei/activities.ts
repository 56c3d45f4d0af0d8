import type { Intent, RawCall } from '../../authority/marketplace.ts'
import { APPLICATION } from './application.ts'
import type { Reveal } from './buyer.ts'
import type { Zone } from './date.ts'
import { INSTANCES } from './instances.ts'
import { LICENSE_1 } from './license-1.ts'
import { LICENSE_2 } from './license-2.ts'
import { ORDER_NOTICE } from './order-notice.ts'
import { SAAS_1 } from './saas-1.ts'
import { SAAS_2 } from './saas-2.ts'
import { type Activity, type FieldSource, fieldReader } from './wire.ts'

/** The elder families call by GET, all others by POST; an activity by the other method is none. */
export const ACTIVITIES: Readonly<Record<RawCall['method'], ReadonlyMap<string, Activity>>> = {
  GET: new Map([...LICENSE_1, ...SAAS_1]),
  POST: new Map([...LICENSE_2, ...INSTANCES, ...SAAS_2, ...APPLICATION, ...ORDER_NOTICE]),
}

interface Translated {
  readonly activity: string | null
  readonly intent: Intent | null
  readonly why: string | null
}

export function translate(
  activities: ReadonlyMap<string, Activity>,
  source: FieldSource,
  zone: Zone | null,
  reveal: Reveal,
): Translated {
  const name = knownName(source('activity'))
  const read = name === null ? undefined : activities.get(name)
  if (read === undefined) return { activity: name, intent: null, why: 'activity: none of this method' }
  const fields = fieldReader(source)
  const intent = read(fields, zone, reveal)
  const why = fields.fault()
  return { activity: name, intent: why === null ? intent : null, why }
}

function knownName(activity: unknown): string | null {
  if (typeof activity !== 'string') return null
  return ACTIVITIES.GET.has(activity) || ACTIVITIES.POST.has(activity) ? activity : null
}
