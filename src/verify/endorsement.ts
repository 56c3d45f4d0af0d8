import { encodeBase64url } from '../format/base64url.ts'
import type { Sha256 } from '../format/bytes.ts'
import { keyIdOf, signingInput } from '../format/jws.ts'
import {
  coversProduct,
  coversTerm,
  grantsUsage,
  inIssuingWindow,
  sameGrant,
} from '../format/key-certificate.ts'
import type { SignedCertificate } from '../format/license-text.ts'
import { remember } from '../format/remember.ts'
import { reaches, signersOf } from './chain.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'

/** A key certificate with what was found out about it once. */
export interface MetCertificate extends Pick<SignedCertificate, 'value' | 'body'> {
  /** The key it certifies, by its x, and its key id. */
  readonly x: string
  readonly kid: string
  /** The trusted root keys that signed it, by their x. */
  readonly signers: ReadonlySet<string>
  /** They are enough: no other certificate has to say the same. */
  readonly isGranted: boolean
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

/** In the order of the checks. */
const FAULTS = [
  'unknown_key',
  'key_revoked',
  'bad_signature',
  'outside_issuing_window',
  'not_certified',
] as const

export type EndorsementFault = (typeof FAULTS)[number]

/** Certificates remembered per trust: years of rotations, and a bound against made-up ones. */
const REMEMBERED_CERTIFICATES = 256

/**
 * The checks from key to certificate, in the contract's order (contract 2), the same for every kind of object: a key
 * is believed only where the root's certificate leads to it. Where several certificates or keys share the kid, the
 * refusal is that of the one which came furthest. Returns the certificate that reaches the object.
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
  let furthest = 0
  // Each key is asked once, however many grants it has.
  const holds: Record<string, boolean> = {}
  for (const one of met) {
    const { value, x } = one
    let passed = 0
    if (one.isGranted || isGranted(one, met, trust)) passed++
    if (passed === 1 && !trust.revoked.has(x)) passed++
    if (passed === 2) holds[x] ??= yield [value.publicKey, message, signature]
    if (passed === 2 && holds[x]) passed++
    if (passed === 3 && inIssuingWindow(value, issuedAt)) passed++
    const covers = grantsUsage(value, usage) && coversProduct(value, product)
    if (passed === 4 && covers && coversTerm(value, issuedAt, paidUntil)) return one
    if (passed > furthest) furthest = passed
  }
  return FAULTS[furthest]!
}

/**
 * Checks who signed the certificate and remembers it, so that it is not checked again. One for a key of another kid
 * costs no signature check.
 */
function* meet(
  { value, body, signature, name }: SignedCertificate,
  kid: string,
  { manifests, keys, met }: Trust,
  sha256: Sha256,
): Steps<MetCertificate | undefined> {
  const x = encodeBase64url(value.publicKey)
  if (keyIdOf(x, sha256) !== kid) return undefined
  const signed = [value.rootKid, signingInput(value.rootKid, 'lk1', body), signature] as const
  const signers = yield* signersOf([signed], keys)
  const isGranted = manifests.some((manifest) => reaches(manifest, signers))
  return remember(met, REMEMBERED_CERTIFICATES, name, { value, body, x, kid, signers, isGranted })
}

/** What stands, equal in all but the root that signed, under the threshold of keys of any one manifest (contract 1.2). */
function isGranted(one: MetCertificate, met: readonly MetCertificate[], { manifests }: Trust): boolean {
  const same = met.filter(({ body }) => sameGrant(body, one.body))
  const signers = new Set(same.flatMap((other) => [...other.signers]))
  return manifests.some((manifest) => reaches(manifest, signers))
}
