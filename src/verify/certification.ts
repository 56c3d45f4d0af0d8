import { equalBytes, type Sha256 } from '../format/bytes.ts'
import { keyId, signingInput } from '../format/jws.ts'
import { type KeyCertificate, sameGrant } from '../format/key-certificate.ts'
import type { SignedObject } from '../format/license-text.ts'
import { keyName } from './chain.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'

/** A key certificate with what was found out about it once. */
export interface MetCertificate {
  readonly certificate: KeyCertificate
  readonly body: Uint8Array
  readonly digest: Uint8Array
  /** Key id of the key it certifies. */
  readonly kid: string
  /** True when the newest manifest revokes the key it certifies. */
  readonly revoked: boolean
  /** Names of the trusted root keys that signed it. */
  readonly signers: readonly string[]
}

/**
 * What the root grants to keys of this kid, by the certificates at hand (contract 1.2): those that stand, equal in
 * all but the root that signed, under the threshold of distinct keys of any one manifest. Certificates of other keys cost no signature
 * check, and those met before cost none again.
 */
export function* grantsTo(
  kid: string,
  certificates: readonly SignedObject<KeyCertificate>[],
  trust: Trust,
  sha256: Sha256,
): Steps<readonly MetCertificate[]> {
  const met: MetCertificate[] = []
  for (const certificate of certificates) {
    const one = recall(certificate, trust) ?? (yield* meet(certificate, kid, trust, sha256))
    if (one?.kid === kid) met.push(one)
  }
  return met.filter((one) => isGranted(one, met, trust))
}

function recall({ digest }: SignedObject<KeyCertificate>, trust: Trust): MetCertificate | null {
  const known = trust.met.get(shortened(digest))
  return known !== undefined && equalBytes(known.digest, digest) ? known : null
}

/** Checks who signed the certificate and remembers it; null, unchecked, when it is for a key of another kid. */
function* meet(
  { value: certificate, body, signature, digest }: SignedObject<KeyCertificate>,
  kid: string,
  trust: Trust,
  sha256: Sha256,
): Steps<MetCertificate | null> {
  if (keyId(certificate.publicKey, sha256) !== kid) return null
  const signers: string[] = []
  const message = signingInput(certificate.rootKid, 'lk1', body)
  for (const root of trust.roots.get(certificate.rootKid) ?? []) {
    if (yield { publicKey: root.publicKey, message, signature }) signers.push(keyName(root))
  }
  const revoked = trust.revoked.has(keyName(certificate))
  const met = { certificate, body, digest, kid, revoked, signers }
  trust.met.set(shortened(digest), met)
  return met
}

/** The first 48 bits: a number is found faster than a text, and the whole digest is compared afterwards. */
function shortened(digest: Uint8Array): number {
  const [a, b, c, d, e, f] = digest as unknown as [number, number, number, number, number, number]
  return ((a << 16) | (b << 8) | c) * 0x100_0000 + ((d << 16) | (e << 8) | f)
}

function isGranted(one: MetCertificate, met: readonly MetCertificate[], trust: Trust): boolean {
  const signers = new Set<string>()
  for (const other of met) {
    if (isSameGrant(other, one)) for (const name of other.signers) signers.add(name)
  }
  return trust.quorums.some(({ threshold, keys }) => countIn(keys, signers) >= threshold)
}

function isSameGrant(a: MetCertificate, b: MetCertificate): boolean {
  return a === b || sameGrant(a.body, b.body)
}

function countIn(keys: ReadonlySet<string>, signers: ReadonlySet<string>): number {
  let count = 0
  for (const name of signers) if (keys.has(name)) count++
  return count
}
