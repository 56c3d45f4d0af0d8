import { equalBytes, type Sha256 } from '../format/bytes.ts'
import { grantsUsage, inIssuingWindow, type KeyCertificate } from '../format/key-certificate.ts'
import type { SignedObject } from '../format/license-text.ts'
import { grantsTo, type MetCertificate } from './certification.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Reason } from './verdict.ts'

/** A signed object of any kind, as far as the question who vouches for it needs it. */
export interface Endorsable {
  readonly kid: string
  /** The signing input. */
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** Unix seconds, as the object itself says. */
  readonly issuedAt: number
  /** A bit of `USAGE`. */
  readonly usage: number
  /** Whether a certificate reaches this object: its product, its term. */
  readonly covers: (certificate: KeyCertificate) => boolean
}

export type Endorsed =
  | { readonly ok: true; readonly certificate: KeyCertificate }
  | { readonly ok: false; readonly reason: EndorsementFault }

export type EndorsementFault = Extract<
  Reason,
  'unknown_key' | 'key_revoked' | 'bad_signature' | 'outside_issuing_window' | 'not_certified'
>

/**
 * The checks from key to certificate, in the contract's order (contract 2), the same for every kind of object: a key
 * is believed only where the root's certificate leads to it. Where several certificates or keys share the kid,
 * each check keeps those that pass it: the refusal is that of the one which came furthest.
 */
export function* endorsement(
  object: Endorsable,
  certificates: readonly SignedObject<KeyCertificate>[],
  trust: Trust,
  sha256: Sha256,
): Steps<Endorsed> {
  const granted = yield* grantsTo(object.kid, certificates, trust, sha256)
  if (granted.length === 0) return no('unknown_key')
  const standing = granted.filter((one) => !one.revoked)
  if (standing.length === 0) return no('key_revoked')
  const signing = yield* signersOf(object, standing)
  if (signing.length === 0) return no('bad_signature')
  const open = signing.filter(({ certificate }) => inIssuingWindow(certificate, object.issuedAt))
  if (open.length === 0) return no('outside_issuing_window')
  const found = open.find(
    ({ certificate }) => grantsUsage(certificate, object.usage) && object.covers(certificate),
  )
  return found === undefined ? no('not_certified') : { ok: true, certificate: found.certificate }
}

const no = (reason: EndorsementFault) => ({ ok: false, reason }) as const

/** The grants whose key signed the object; each key is asked once, however many grants it has. */
function* signersOf(
  { message, signature }: Endorsable,
  grants: readonly MetCertificate[],
): Steps<readonly MetCertificate[]> {
  const signing: MetCertificate[] = []
  const asked: MetCertificate[] = []
  for (const grant of grants) {
    const { publicKey } = grant.certificate
    const isSame = (other: MetCertificate) => equalBytes(other.certificate.publicKey, publicKey)
    const signed = asked.some(isSame) ? signing.some(isSame) : yield { publicKey, message, signature }
    asked.push(grant)
    if (signed) signing.push(grant)
  }
  return signing
}
