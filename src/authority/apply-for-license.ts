import { findProduct } from '../domain/catalog.ts'
import type { ActiveLicense, License } from '../domain/license.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { endsLater, isAhead, type PaidUntil, SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import { toHex } from '../format/bytes.ts'
import { bindDevice } from '../format/license-code.ts'
import type {
  Application,
  ApplicationRefusal,
  Applied,
  LicenseApplication,
  Uncovered,
} from './applications.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { makeForDevice } from './device-codes.ts'
import type { Channel, Reply } from './marketplace.ts'
import { newOutgoing } from './outgoing/new-call.ts'
import { reviveCall } from './outgoing/revive.ts'
import type { Batch } from './ports.ts'
import type { Worked } from './receive.ts'

/**
 * A license text of an instance for one device: it is made at once, uploaded later, and never in the answer. The same
 * event and device are one application; while the terms of the license are not known it waits for them
 * (`settleApplications`).
 */
export async function applyForLicense(
  authority: Authority,
  snapshot: Snapshot,
  { name: channel }: Channel,
  wanted: Application,
): Promise<Worked> {
  const done: Worked = { reply: { type: 'done' }, batch: {} }
  if (wanted.test) return done
  const { store } = authority
  const license = await store.byInstance(channel, wanted.instance)
  if (license === null) return { reply: { type: 'unknown_instance' }, batch: {} }
  const asked = askedBy(authority, license, wanted)
  const known = await store.application(asked)
  if (known?.state === 'made') return uploadAgain(authority, known, done)
  const applied: Applied = { ...asked, at: known?.at ?? asked.at }
  if (license.status === 'pending')
    return { reply: { type: 'in_process' }, batch: { application: { ...applied, state: 'waiting' } } }
  const made = await serve(authority, snapshot, channel, license, applied)
  return made.ok ? { ...done, batch: made.value } : { reply: replyTo(made.no), batch: {} }
}

function askedBy(
  { crypto, ambient }: Authority,
  { id }: License,
  { event, fingerprint, effectiveAt, expiresAt }: Application,
): Applied {
  const device = fingerprint === null ? null : bindDevice(fingerprint, crypto.sha256)
  return {
    license: id,
    event,
    device: device && toHex(device.subarray(0, BINDING_BYTES)),
    effectiveAt,
    expiresAt,
    at: ambient.now(),
  }
}

/** As many as a code carries (contract 1.1). */
const BINDING_BYTES = 10

/** Whoever asks again has not got it: an upload that was given up is tried anew. */
async function uploadAgain(
  authority: Authority,
  { upload }: LicenseApplication & { state: 'made' },
  done: Worked,
): Promise<Worked> {
  await reviveCall(authority, upload)
  return done
}

function replyTo(why: ApplicationRefusal | 'no_key'): Reply {
  switch (why) {
    case 'license_released':
    case 'license_frozen':
      return { type: 'refused', refusal: { reason: why } }
    case 'no_key':
      return { type: 'unavailable' }
    case 'no_seat':
    case 'outside_term':
    case 'no_end':
    case 'no_device':
      return { type: 'uncovered', why }
    default:
      return why satisfies never
  }
}

/** The code of an application and the call that uploads it, signed and not stored. */
export async function serve(
  authority: Authority,
  snapshot: Snapshot,
  channel: string,
  license: Exclude<License, { status: 'pending' }>,
  applied: Applied,
): Promise<Result<Batch, ApplicationRefusal | 'no_key'>> {
  if (license.status === 'released') return no('license_released')
  // Its paid time has run out: whoever applies is to renew first.
  if (license.status === 'frozen') return no(license.reason === 'expired' ? 'outside_term' : 'license_frozen')
  const now = authority.ambient.now()
  const uncovered = uncoveredBy(snapshot, license, applied, now)
  if (uncovered !== null) return no(uncovered)
  const end = endOf(license, applied)
  const made = await makeForDevice(authority, snapshot, license, applied.device, end, now)
  if (!made.ok) return made.no === 'no_code' ? no('outside_term') : no(made.no)
  const { digest, keep, text } = made.value
  // No id holds a tab, so no two occasions are spelled alike.
  const occasion = [license.id, applied.event, applied.device ?? ''].join('\t')
  const upload = newOutgoing(authority, channel, occasion, {
    type: 'upload_license',
    event: applied.event,
    text,
  })
  const application = { ...applied, state: 'made', code: digest, upload: upload.id } as const
  return yes({ ...keep, application, outgoing: [upload] })
}

/**
 * In which zone the marketplace writes the end of an order is not said: an application that ends less than a day after
 * it is meant to end with it.
 */
const SLACK: Seconds = SECONDS_PER_DAY

function uncoveredBy(
  { catalog }: Snapshot,
  { terms: { product, paidUntil } }: ActiveLicense,
  { device, effectiveAt, expiresAt }: Applied,
  now: Seconds,
): Uncovered | null {
  if (device === null && findProduct(catalog, product)?.needsDevice === true) return 'no_device'
  if (expiresAt === null && paidUntil !== null) return 'no_end'
  const isWithin =
    isAhead(paidUntil, Math.max(now, effectiveAt)) &&
    isAhead(expiresAt, now) &&
    !endsLater(expiresAt, paidUntil === null ? null : paidUntil + SLACK)
  return isWithin ? null : 'outside_term'
}

/** The earlier of the two. */
const endOf = ({ terms: { paidUntil } }: ActiveLicense, { expiresAt }: Applied): PaidUntil =>
  endsLater(expiresAt, paidUntil) ? paidUntil : expiresAt
