import { signingInput } from '../format/jws.ts'
import { rememberingReader } from '../format/known-endings.ts'
import { type LicenseCode, writeLicenseCode } from '../format/license-code.ts'
import {
  codeOf,
  readLicenseText,
  type SignedCode,
  type SignedObject,
  writeLicenseText,
} from '../format/license-text.ts'
import type { SyncEngine } from '../verify/engine.ts'
import { fits } from '../verify/examining.ts'
import { type Genuineness, genuineness } from '../verify/genuineness.ts'
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

/** A text that was read. Nothing in it is believed yet: `claim` is what the server may look it up by. */
export interface ReadText {
  readonly text: string
  readonly read: ReturnType<typeof reader>
  /** null when it could not be read, or names a key that was never ours. */
  readonly claim: Genuine['code'] | null
}

export function readText({ crypto }: Authority, { keyring }: Snapshot, text: string): ReadText {
  const read = reader(text, crypto.sha256)
  const claim = typeof read === 'string' ? null : claimOf(codeOf(read[0]!))
  const isOurs = claim !== null && keyring.known.some(({ kid }) => kid === claim.kid)
  return { text, read, claim: isOurs ? claim : null }
}

function claimOf({ value: { kid, licenseId: license, revision }, digest }: SignedCode): Genuine['code'] {
  return { kid, license, revision, digest: shortDigest(digest) }
}

/**
 * What shipped software would say of a text, as far as it does not depend on the clock: genuineness under
 * our own root, and the device. The device is left to be weighed later, since `not_issued` comes before it
 * (contract 2): whoever holds a stolen key does not escape the alarm by binding what he forges.
 *
 * `issued`: the digest of this very code, its signature included, was kept when it was signed. That signature was
 * verified then, and is not again (decision 0014); all that certificates and windows say still counts.
 */
export function checkText(
  { crypto }: Authority,
  { keyring }: Snapshot,
  presented: ReadText,
  fingerprint: string | null,
  issued: boolean,
): Genuine | NotGenuine {
  const found = judged(presented, keyring, crypto, issued)
  if (!found.ok && found.reason !== 'key_revoked') return refusal(found.reason)
  if (found.code === null) return refusal('malformed')
  const code = claimOf(found.code)
  const isHere = runSync(fits(found.code.body, fingerprint), crypto)
  if (!found.ok) return refusal(found.reason, { code, fits: isHere, object: found.code })
  return { type: 'genuine', code, misfit: isHere ? null : 'wrong_device' }
}

/**
 * A text whose certificates count no more, since a root key that signed them is revoked, is judged under those that
 * its key has now: software that met `/v1/keys` judges so, too.
 */
function judged(
  { text, read }: ReadText,
  { trust, certificatesOf }: Snapshot['keyring'],
  crypto: Authority['crypto'],
  issued: boolean,
): Genuineness {
  const { sha256 } = crypto
  const judge = (objects: ReadText['read']) =>
    runSync(genuineness(objects, trust), issued ? alreadyVerified(objects, crypto) : crypto)
  const found = judge(read)
  if (found.ok || found.reason !== 'unknown_key' || found.code === null) return found
  const { value, body, signature } = found.code
  const whole = readLicenseText(text, sha256)
  const own = certificatesOf(value.kid)
  if (!whole.ok || whole.certificates.length === 0 || own.length === 0) return found
  return judge(reader(writeLicenseText(writeLicenseCode(body, signature, sha256), own), sha256))
}

/** Answers yes for the signature of the code that was read, and asks the engine about every other. */
function alreadyVerified(read: ReadText['read'], crypto: Authority['crypto']): SyncEngine {
  const own = typeof read === 'string' ? null : read[0]![1]
  return {
    sha256: crypto.sha256,
    verify: (key, message, signature) => signature === own || crypto.verify(key, message, signature),
  }
}

function refusal(reason: Reason, revoked: RevokedCode | null = null): NotGenuine {
  return { type: 'not_genuine', reason, revoked }
}
