import type { Application } from '../../authority/applications.ts'
import type { Seconds } from '../../domain/time.ts'
import { deviceBytes } from '../../format/license-code.ts'
import { readExpireTime, type Zone } from './date.ts'
import { ID } from './orders.ts'
import type { Activity, FieldReader } from './wire.ts'

/** What only online licenses call (reference 6.7); the rest is in `instances.ts`. */
export const APPLICATION: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ['getLicenseAsync', getLicenseAsync],
])

const TIME = 32
/** The table says 1,024, the software that measures it 5 KB. */
const FINGERPRINT = 5_120

function getLicenseAsync(fields: FieldReader): Application {
  const effectiveAt = timeOf(fields, 'effectiveTime', fields.text('effectiveTime', TIME))
  const end = fields.optionalText('expireTime', TIME)
  const expiresAt = end === null ? null : timeOf(fields, 'expireTime', end)
  if (expiresAt !== null && expiresAt <= effectiveAt) fields.refuse('expireTime: not after effectiveTime')
  return {
    type: 'application',
    test: fields.flag('testFlag'),
    instance: fields.text('instanceId', ID),
    event: eventOf(fields),
    fingerprint: fingerprintOf(fields),
    effectiveAt,
    expiresAt,
  }
}

/** It becomes one step of a path: these two would be taken for a place in the tree. */
function eventOf(fields: FieldReader): string {
  const event = fields.text('eventId', ID)
  if (event === '.' || event === '..') fields.refuse('eventId: no name')
  return event
}

/** Taken as it is: the software that measures the device has to find the same bytes. */
function fingerprintOf(fields: FieldReader): string | null {
  const fingerprint = fields.display('deviceFingerprint', FINGERPRINT)
  if (fingerprint !== null && deviceBytes(fingerprint) === null)
    fields.refuse(`deviceFingerprint: not 1 to ${FINGERPRINT} bytes of UTF-8`)
  return fingerprint
}

const UTC: Zone = (wallMs) => wallMs

/** As the document's example, or in the digits of every other activity. */
const FORM = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d) ?[zZ]?$/

function timeOf(fields: FieldReader, name: string, text: string): Seconds {
  const digits = FORM.exec(text)?.slice(1).join('') ?? text
  const instant = readExpireTime(digits, UTC)
  if (instant === null) fields.refuse(`${name}: no such time`)
  return instant ?? 0
}
