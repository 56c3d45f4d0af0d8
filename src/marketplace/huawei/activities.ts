import type { Intent, RawCall } from '../../authority/marketplace.ts'
import type { Zone } from './date.ts'
import { LICENSE_1 } from './license-1.ts'
import { LICENSE_2 } from './license-2.ts'
import { type Activity, type FieldSource, fieldReader } from './wire.ts'

/** License 1.0 calls by GET, License 2.0 by POST; an activity by the other method is none. */
export const ACTIVITIES: Readonly<Record<RawCall['method'], ReadonlyMap<string, Activity>>> = {
  GET: LICENSE_1,
  POST: LICENSE_2,
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
): Translated {
  const name = knownName(source('activity'))
  const read = name === null ? undefined : activities.get(name)
  if (read === undefined) return { activity: name, intent: null, why: 'activity: none of this method' }
  const fields = fieldReader(source)
  const intent = read(fields, zone)
  const why = fields.fault()
  return { activity: name, intent: why === null ? intent : null, why }
}

function knownName(activity: unknown): string | null {
  if (typeof activity !== 'string') return null
  return LICENSE_1.has(activity) || LICENSE_2.has(activity) ? activity : null
}
