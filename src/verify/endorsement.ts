import { encodeBase64url } from '../format/base64url.ts'
import { keyIdOf, signingInput } from '../format/jws.ts'
import { certifiedKey, covers, isInWindow, kidIn } from '../format/key-certificate.ts'
import { REMEMBERED_CERTIFICATES } from '../format/limits.ts'
import { remember } from '../format/remember.ts'
import type { Guarded } from '../format/spelling.ts'
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
  signers: readonly string[],
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

/**
 * The checks from key to certificate, in the contract's order (contract 2), the same for every kind of object: a key
 * is believed only where the root's certificate leads to it. Where several certificates or keys share the kid, the
 * refusal is that of the one which came furthest. Returns the certificate that reaches the object.
 */
export function* endorsement(
  [kid, message, signature, usage, product, issuedAt, paidUntil]: Endorsable,
  certificates: readonly Guarded[],
  trust: Trust,
): Steps<MetCertificate | EndorsementFault> {
  const met: MetCertificate[] = []
  for (const certificate of certificates) {
    const one = trust.met.get(certificate[3]) ?? (yield* meet(certificate, kid, trust))
    if (one?.[2] === kid) met.push(one)
  }
  let furthest = 0
  // How many checks a key passes; it is asked once, however many grants it has.
  const reached: Record<string, number> = {}
  for (const one of met) {
    const [body, x] = one
    // Those who signed the same grant reach the threshold of any one manifest (contract 1.2). Before byte 6 stand
    // version and flags, which have one value, and the root.
    const signers = met.flatMap(([other, , , own]) =>
      other === body || other.every((byte, i) => i < 6 || byte === body[i]) ? own : [],
    )
    if (!trust.manifests.some((manifest) => reaches(manifest, signers))) continue
    reached[x] ??= trust.revoked.has(x) ? 1 : (yield [certifiedKey(body), message, signature]) ? 3 : 2
    let passed = reached[x]
    if (passed > 2 && isInWindow(body, issuedAt)) {
      if (covers(body, usage, product, issuedAt, paidUntil)) return one
      passed = 4
    }
    if (passed > furthest) furthest = passed
  }
  return FAULTS[furthest]!
}

/**
 * Checks who signed the certificate and remembers it, so that it is not checked again. One for a key of another kid
 * costs no signature check.
 */
function* meet(
  [body, signature, , name]: Guarded,
  kid: string,
  { keys, met }: Trust,
): Steps<MetCertificate | undefined> {
  const x = encodeBase64url(certifiedKey(body))
  if ((yield* keyIdOf(x)) !== kid) return undefined
  const root = kidIn(body)
  const signers = yield* signersOf([[root, signingInput(root, 'lk1', body), signature]], keys)
  return remember(met, REMEMBERED_CERTIFICATES, name, [body, x, kid, signers])
}
