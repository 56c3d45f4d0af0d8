import type { License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { checkText, type Genuine, isSigned, type NotGenuine } from './genuine.ts'
import { licenseText } from './issue.ts'
import type { IssuedCode } from './ports.ts'
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

/**
 * Judges a text and describes the license as it is now (contract 3, "Validate"). The text decides
 * genuineness and device; everything else is the license's present state. Changes nothing, but raises an
 * alarm for a good signature on a code this server never issued.
 */
export async function validate(
  authority: Authority,
  snapshot: Snapshot,
  request: ValidationRequest,
): Promise<Validation> {
  const now = authority.ambient.now()
  const checked = checkText(authority, snapshot, request)
  if (checked.type === 'not_genuine') return refuse(authority, snapshot, checked)
  const { code } = checked
  if (!(await authority.store.issued(code))) {
    await alarm(authority, code)
    return answer(snapshot, { reason: 'not_issued' })
  }
  if (checked.misfit !== null) return answer(snapshot, { reason: checked.misfit })
  const license = await authority.store.byId(code.license)
  if (license === null) return { type: 'license_unknown' }
  if (isShutOut(license, code.revision)) return answer(snapshot, { reason: 'superseded' })
  return describe(authority, snapshot, request, license, code.revision, now)
}

async function describe(
  authority: Authority,
  snapshot: Snapshot,
  request: ValidationRequest,
  license: License,
  revisionSent: number,
  now: Seconds,
): Promise<Validation> {
  const statement = await signStatement(authority, snapshot, license, request, now)
  if (statement === null) return { type: 'no_key' }
  const newer = await newerCode(authority, license, revisionSent)
  return answer(snapshot, {
    ...verdictOf(license, now),
    license: viewOf(snapshot.catalog, license),
    statement,
    ...(newer && { currentCode: licenseText(authority.crypto, snapshot.keyring, newer) }),
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
): Promise<Validation> {
  if (revoked === null) return answer(snapshot, { reason })
  const { code, fits } = revoked
  if (!(await authority.store.issued(code))) {
    if (isSigned(authority, snapshot, revoked)) await alarm(authority, code)
    return answer(snapshot, { reason })
  }
  const license = fits ? await authority.store.byId(code.license) : null
  if (license === null || isShutOut(license, code.revision)) return answer(snapshot, { reason })
  const newer = await newerCode(authority, license, code.revision)
  const currentCode = newer && licenseText(authority.crypto, snapshot.keyring, newer)
  return answer(snapshot, { reason, ...(currentCode !== null && { currentCode }) })
}

/** The newest code where it is newer than the one sent, and the license may have one. */
async function newerCode(
  authority: Authority,
  license: License,
  revisionSent: number,
): Promise<IssuedCode | null> {
  if (license.status !== 'active' || license.revision === revisionSent) return null
  const newest = await authority.store.newestCode(license.id)
  return newest !== null && newest.revision > revisionSent ? newest : null
}

/** `license reissue --leaked` shuts out every code issued before it, unless a stronger no applies. */
function isShutOut(license: License, revisionSent: number): boolean {
  return license.status === 'active' && revisionSent < license.handOverFloor
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
