import { encodeBase64url } from '../format/base64url.ts'
import { type Sha256, toHex } from '../format/bytes.ts'
import { keyIdOf, signingInput } from '../format/jws.ts'
import {
  coversProduct,
  coversTerm,
  grantsUsage,
  inIssuingWindow,
  type KeyCertificate,
} from '../format/key-certificate.ts'
import type { SignedCertificate } from '../format/license-text.ts'
import { remember } from '../format/remember.ts'
import type { Named } from '../format/signed-manifest.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Reason } from './verdict.ts'

/** A key certificate with what was found out about it once. */
export interface MetCertificate {
  readonly certificate: KeyCertificate
  /** The key it certifies, by its x, and its key id. */
  readonly x: string
  readonly kid: string
  /** All of its body but the root that signed, bytes 2–5: certificates that say the same count together. */
  readonly grant: string
  /** The trusted root keys that signed it, by their x. */
  readonly signers: readonly string[]
}

/** A signed object of any kind, as far as the question who vouches for it needs it. */
export interface Endorsable {
  readonly kid: string
  /** The signing input. */
  readonly message: Uint8Array
  readonly signature: Uint8Array
  /** Unix seconds, as the object itself says. */
  readonly issuedAt: number
  /** What the key has to be certified for. */
  readonly usage: number
  /** undefined: only a certificate for every product reaches it. */
  readonly product: unknown
  /** Of a license code; null = perpetual. What has no term ends when it begins. */
  readonly paidUntil: number | null
}

export type EndorsementFault = Extract<
  Reason,
  'unknown_key' | 'key_revoked' | 'bad_signature' | 'outside_issuing_window' | 'not_certified'
>

/** Certificates remembered per trust: years of rotations, and a bound against made-up ones. */
const REMEMBERED_CERTIFICATES = 256

/**
 * The checks from key to certificate, in the contract's order (contract 2), the same for every kind of object: a key
 * is believed only where the root's certificate leads to it. Where several certificates or keys share the kid,
 * each check keeps those that pass it: the refusal is that of the one which came furthest. Returns the certificate
 * that reaches the object.
 */
export function* endorsement(
  { kid, message, signature, issuedAt, usage, product, paidUntil }: Endorsable,
  certificates: readonly SignedCertificate[],
  trust: Trust,
  sha256: Sha256,
): Steps<MetCertificate | EndorsementFault> {
  const met: MetCertificate[] = []
  for (const certificate of certificates) {
    const one = trust.met.get(certificate.name) ?? (yield* meet(certificate, kid, trust, sha256))
    if (one?.kid === kid) met.push(one)
  }
  let left = kept(met, (one) => isGranted(one, met, trust))
  if (left.length === 0) return 'unknown_key'
  left = kept(left, ({ x }) => !trust.revoked.has(x))
  if (left.length === 0) return 'key_revoked'
  // Each key is asked once, however many grants it has.
  const asked: string[] = []
  const signed: string[] = []
  for (const { certificate, x } of left) {
    if (asked.includes(x)) continue
    asked.push(x)
    if (yield [certificate.publicKey, message, signature]) signed.push(x)
  }
  left = kept(left, ({ x }) => signed.includes(x))
  if (left.length === 0) return 'bad_signature'
  left = kept(left, ({ certificate }) => inIssuingWindow(certificate, issuedAt))
  if (left.length === 0) return 'outside_issuing_window'
  const covers = (one: KeyCertificate) => coversProduct(one, product) && coversTerm(one, issuedAt, paidUntil)
  return left.find(({ certificate: one }) => grantsUsage(one, usage) && covers(one)) ?? 'not_certified'
}

/** Those that pass; in the usual case all do, and a new array is none. */
const kept = <T>(all: readonly T[], passes: (one: T) => boolean): readonly T[] =>
  all.every(passes) ? all : all.filter(passes)

/**
 * Checks who signed the certificate and remembers it, so that it is not checked again. One for a key of another kid
 * costs no signature check.
 */
function* meet(
  { value, body, signature, name }: SignedCertificate,
  kid: string,
  { manifests, revoked, met }: Trust,
  sha256: Sha256,
): Steps<MetCertificate | undefined> {
  const x = encodeBase64url(value.publicKey)
  if (keyIdOf(x, sha256) !== kid) return undefined
  const signers = new Set<string>()
  const message = signingInput(value.rootKid, 'lk1', body)
  for (const root of manifests.flatMap(({ keys }) => keys)) {
    if (root.kid !== value.rootKid || revoked.has(root.x) || signers.has(root.x)) continue
    if (yield [root.publicKey, message, signature]) signers.add(root.x)
  }
  const grant = toHex(body).replace(/^(.{4}).{8}/, '$1')
  return remember(met, REMEMBERED_CERTIFICATES, name, {
    certificate: value,
    x,
    kid,
    grant,
    signers: [...signers],
  })
}

/** What stands, equal in all but the root that signed, under the threshold of keys of any one manifest (contract 1.2). */
function isGranted({ grant }: MetCertificate, met: readonly MetCertificate[], { manifests }: Trust): boolean {
  const hasSigned = ({ x }: Named) => met.some((one) => one.grant === grant && one.signers.includes(x))
  return manifests.some(({ keys, threshold }) => keys.filter(hasSigned).length >= threshold)
}
