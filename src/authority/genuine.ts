import { signingInput } from '../format/jws.ts'
import { rememberingReader } from '../format/known-endings.ts'
import { type LicenseCode, writeLicenseCode } from '../format/license-code.ts'
import { readLicenseText, type SignedObject, writeLicenseText } from '../format/license-text.ts'
import { fits } from '../verify/examining.ts'
import { genuineness } from '../verify/genuineness.ts'
import { runSync } from '../verify/steps.ts'
import type { Reason } from '../verify/verdict.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { shortDigest } from './issue.ts'
import type { CodeIdentity } from './ports.ts'

export interface Genuine {
  readonly type: 'genuine'
  readonly code: CodeIdentity & { readonly kid: string }
  /** Why it is no good on the device it was sent from, or null; it counts once the code is known to be issued. */
  readonly misfit: Reason | null
}

export interface NotGenuine {
  readonly type: 'not_genuine'
  readonly reason: Reason
  /** A readable code of a revoked key: the server may still know it by its digest. */
  readonly revoked: RevokedCode | null
}

/** Nothing of it may be believed but what the server finds by its digest. */
export interface RevokedCode {
  readonly code: Genuine['code']
  /** It was sent from its own device. */
  readonly fits: boolean
  readonly object: SignedObject<LicenseCode>
}

/** Whether the holder of the revoked key signed it, and nobody made it up. */
export function isSigned(
  { crypto }: Authority,
  { keyring }: Snapshot,
  { code: { kid }, object: { body, signature } }: RevokedCode,
): boolean {
  const key = keyring.known.find((known) => known.kid === kid)
  return key !== undefined && crypto.verify(key.publicKey, signingInput(kid, 'lc1', body), signature)
}

/** Every code of a key arrives with the same certificates. */
const reader = rememberingReader()

/**
 * What shipped software would say of a text, as far as it does not depend on the clock: genuineness under
 * our own root, and the device. The device is left to be weighed later, since `not_issued` comes before it
 * (contract 2): whoever holds a stolen key does not escape the alarm by binding what he forges.
 */
export function checkText(
  { crypto }: Authority,
  { keyring }: Snapshot,
  { text, fingerprint }: { readonly text: string; readonly fingerprint: string | null },
): Genuine | NotGenuine {
  const found = judged(text, keyring, crypto)
  if (!found.ok && found.reason !== 'key_revoked') return refusal(found.reason)
  if (found.code === null) return refusal('malformed')
  const { value: code, body, digest } = found.code
  const isHere = runSync(fits(body, fingerprint), crypto)
  const { kid, licenseId: license, revision } = code
  const identity = { kid, license, revision, digest: shortDigest(digest) }
  if (!found.ok) return refusal(found.reason, { code: identity, fits: isHere, object: found.code })
  return { type: 'genuine', code: identity, misfit: isHere ? null : 'wrong_device' }
}

/**
 * A text whose certificates count no more, since a root key that signed them is revoked, is judged under those that
 * its key has now: software that met `/v1/keys` judges so, too.
 */
function judged(text: string, { trust, certificatesOf }: Snapshot['keyring'], crypto: Authority['crypto']) {
  const { sha256 } = crypto
  const found = runSync(genuineness(reader(text, sha256), trust), crypto)
  if (found.ok || found.reason !== 'unknown_key' || found.code === null) return found
  const { value, body, signature } = found.code
  const read = readLicenseText(text, sha256)
  const own = certificatesOf(value.kid)
  if (!read.ok || read.certificates.length === 0 || own.length === 0) return found
  const again = writeLicenseText(writeLicenseCode(body, signature, sha256), own)
  return runSync(genuineness(reader(again, sha256), trust), crypto)
}

function refusal(reason: Reason, revoked: RevokedCode | null = null): NotGenuine {
  return { type: 'not_genuine', reason, revoked }
}
