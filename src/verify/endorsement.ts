import { encodeBase64url } from '../format/base64url.ts'
import type { Sha256 } from '../format/bytes.ts'
import { keyIdOf, signingInput } from '../format/jws.ts'
import { certifiedKey, covers, isInWindow, kidIn, sameGrant } from '../format/key-certificate.ts'
import type { NamedCertificate } from '../format/license-text.ts'
import { remember } from '../format/remember.ts'
import type { ReadManifest } from '../format/signed-manifest.ts'
import { reaches, signersOf } from './chain.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'

/** A key certificate with what was found out about it once. */
export type MetCertificate = readonly [
  body: Uint8Array,
  /** The key it certifies, by its x, and its key id. */
  x: string,
  kid: string,
  /** The trusted root keys that signed it, by their x. */
  signers: ReadonlySet<string>,
  /** They are enough: no other certificate has to say the same. */
  isGranted: boolean,
]

/** A signed object of any kind, as far as the question who vouches for it needs it. */
export type Endorsable = readonly [
  kid: string,
  /** The signing input. */
  message: Uint8Array,
  signature: Uint8Array,
  /** What the key has to be certified for. */
  usage: number,
  /** undefined: only a certificate for every product reaches it. */
  product: unknown,
  /** Unix seconds, as the object itself says. */
  issuedAt: number,
  /** Of a license code; null = perpetual. What has no term ends when it begins. */
  paidUntil: number | null,
]

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
  [kid, message, signature, usage, product, issuedAt, paidUntil]: Endorsable,
  certificates: readonly NamedCertificate[],
  trust: Trust,
  sha256: Sha256,
): Steps<MetCertificate | EndorsementFault> {
  const met: MetCertificate[] = []
  for (const certificate of certificates) {
    const one = trust.met.get(certificate[3]) ?? (yield* meet(certificate, kid, trust, sha256))
    if (one?.[2] === kid) met.push(one)
  }
  let furthest = 0
  // Each key is asked once, however many grants it has.
  const holds: Record<string, boolean> = {}
  for (const one of met) {
    const [body, x] = one
    let passed = isGranted(one, met, trust) ? (trust.revoked.has(x) ? 1 : 2) : 0
    if (passed === 2) holds[x] ??= yield [certifiedKey(body), message, signature]
    if (passed === 2 && holds[x]) passed = isInWindow(body, issuedAt) ? 4 : 3
    if (passed === 4 && covers(body, usage, product, issuedAt, paidUntil)) return one
    furthest = Math.max(furthest, passed)
  }
  return FAULTS[furthest]!
}

/**
 * Checks who signed the certificate and remembers it, so that it is not checked again. One for a key of another kid
 * costs no signature check.
 */
function* meet(
  [body, signature, , name]: NamedCertificate,
  kid: string,
  { manifests, keys, met }: Trust,
  sha256: Sha256,
): Steps<MetCertificate | undefined> {
  const x = encodeBase64url(certifiedKey(body))
  if (keyIdOf(x, sha256) !== kid) return undefined
  const root = kidIn(body)
  const signers = yield* signersOf([[root, signingInput(root, 'lk1', body), signature]], keys)
  return remember(met, REMEMBERED_CERTIFICATES, name, [body, x, kid, signers, isReached(manifests, signers)])
}

/** Alone, or with what stands equal in all but the root that signed (contract 1.2). */
function isGranted(one: MetCertificate, met: readonly MetCertificate[], { manifests }: Trust): boolean {
  if (one[4]) return true
  const same = met.filter(([body]) => sameGrant(body, one[0]))
  return isReached(manifests, new Set(same.flatMap(([, , , signers]) => [...signers])))
}

/** The threshold of keys of any one manifest is. */
const isReached = (manifests: readonly ReadManifest[], signers: ReadonlySet<string>): boolean =>
  manifests.some((manifest) => reaches(manifest, signers))
