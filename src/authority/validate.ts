import type { License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { isOfGoodKey, lostItsPlace, nextForDevice } from './device-codes.ts'
import { checkText, type Genuine, isSigned, type NotGenuine, readText } from './genuine.ts'
import { licenseText } from './issue.ts'
import type { Presented } from './ports.ts'
import { signStatement } from './statement.ts'
import { type LicenseView, verdictOf, viewOf } from './view.ts'

export interface ValidationRequest {
  /** What the customer pasted. */
  readonly text: string
  /** The device it runs on, as the software measures it. */
  readonly fingerprint: string | null
  /** Echoed in the statement; 1–64 characters `[A-Za-z0-9_-]`, checked by the door. */
  readonly nonce: string | null
}

export type Validation =
  | { readonly type: 'answer'; readonly answer: ValidationAnswer }
  /** Genuine and issued here, but the license is gone from this server. */
  | { readonly type: 'license_unknown' }
  /** No active key may sign the statement now. */
  | { readonly type: 'no_key' }

export interface ValidationAnswer {
  readonly valid: boolean
  readonly standing: string | null
  readonly reason: string | null
  readonly license: LicenseView | null
  /** Compact JWT (contract 1.4), or null where nothing may be said. */
  readonly statement: string | null
  readonly certificates: readonly string[]
  readonly currentCode?: string
}

/** Of a text that names nothing of ours. */
const UNKNOWN: Presented = { issued: false, license: null }

/**
 * Judges a text and describes the license as it is now (contract 3, "Validate"). The text decides
 * genuineness and device; everything else is the license's present state. Changes no license, but raises an
 * alarm for a good signature on a code this server never issued, and makes the next code of a device that asks for it.
 */
export async function validate(
  authority: Authority,
  snapshot: Snapshot,
  request: ValidationRequest,
): Promise<Validation> {
  const now = authority.ambient.now()
  const read = readText(authority, snapshot, request.text)
  const presented = read.claim === null ? UNKNOWN : await authority.store.presented(read.claim)
  const { issued, license } = presented
  const checked = checkText(authority, snapshot, read, request.fingerprint, issued)
  if (checked.type === 'not_genuine') return refuse(authority, snapshot, checked, presented)
  const { code } = checked
  if (!issued) {
    await alarm(authority, code)
    return answer(snapshot, { reason: 'not_issued' })
  }
  if (checked.misfit !== null) return answer(snapshot, { reason: checked.misfit })
  if (license === null) return { type: 'license_unknown' }
  if (await isShutOut(authority, license, code, presented, now))
    return answer(snapshot, { reason: 'superseded' })
  const newer = () => newerText(authority, snapshot, license, code, presented, now)
  return describe(authority, snapshot, request, license, newer, now)
}

async function describe(
  authority: Authority,
  snapshot: Snapshot,
  request: ValidationRequest,
  license: License,
  newer: () => Promise<string | null>,
  now: Seconds,
): Promise<Validation> {
  const statement = await signStatement(authority, snapshot, license, request, now)
  if (statement === null) return { type: 'no_key' }
  const currentCode = await newer()
  return answer(snapshot, {
    ...verdictOf(license, now),
    license: viewOf(snapshot.catalog, license),
    statement,
    ...(currentCode !== null && { currentCode }),
  })
}

/**
 * Not genuine: no license, no statement. A code of a revoked key that was issued here is still handed its successor;
 * one that was not, and that the key did sign, is the thief at work: as good a reason for an alarm as before.
 */
async function refuse(
  authority: Authority,
  snapshot: Snapshot,
  { reason, revoked }: NotGenuine,
  presented: Presented,
): Promise<Validation> {
  if (revoked === null) return answer(snapshot, { reason })
  const { code, fits } = revoked
  if (!presented.issued) {
    if (isSigned(authority, snapshot, revoked)) await alarm(authority, code)
    return answer(snapshot, { reason })
  }
  const license = fits ? presented.license : null
  const now = authority.ambient.now()
  if (license === null || (await isShutOut(authority, license, code, presented, now)))
    return answer(snapshot, { reason })
  const currentCode = await newerText(authority, snapshot, license, code, presented, now)
  return answer(snapshot, { reason, ...(currentCode !== null && { currentCode }) })
}

/**
 * The newest text where it is newer than the one sent, and the license may have one. A code that was made for a device is
 * followed by the next one for that device: the license's own may be for any. One that was made for any device, by a key
 * that is revoked, may have the revision that the license still has.
 */
async function newerText(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  sent: Genuine['code'],
  { made }: Presented,
  now: Seconds,
): Promise<string | null> {
  const { revision } = sent
  if (made && made.device !== null) return nextForDevice(authority, snapshot, license, made, made.device, now)
  const isGood = isOfGoodKey(snapshot.keyring, sent)
  if (license.status !== 'active' || (license.revision === revision && isGood)) return null
  const newest = await authority.store.newestCode(license.id)
  if (newest === null) return null
  const isNewer = newest.revision > revision || (!isGood && isOfGoodKey(snapshot.keyring, newest))
  return isNewer ? licenseText(authority.crypto, snapshot.keyring, newest) : null
}

/**
 * `license reissue --leaked` shuts out every code issued before it, and a device whose code has run out loses its place to
 * others, unless a stronger no applies.
 */
async function isShutOut(
  authority: Authority,
  license: License,
  { revision }: Genuine['code'],
  { made }: Presented,
  now: Seconds,
): Promise<boolean> {
  if (license.status === 'active' && revision < license.handOverFloor) return true
  return made !== undefined && lostItsPlace(authority, license, made, now)
}

/** A good signature that is not ours: a signing key may have leaked, or the database is older than the code. */
async function alarm(
  authority: Authority,
  { kid, license, revision, digest }: Genuine['code'],
): Promise<void> {
  const detail = { kid, license, revision }
  const at = authority.ambient.now()
  authority.log.error('not_issued', detail)
  await authority.store.queueAlert({ kind: 'not_issued', key: `not_issued:${digest}`, detail, at })
}

function answer(snapshot: Snapshot, given: Partial<ValidationAnswer>): Validation {
  const nothing = { valid: false, standing: null, reason: null, license: null, statement: null }
  return { type: 'answer', answer: { ...nothing, certificates: snapshot.keyring.certificates, ...given } }
}
