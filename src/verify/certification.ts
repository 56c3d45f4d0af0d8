import { type Sha256, toHex } from '../format/bytes.ts'
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
  /** Key id of the key it certifies. */
  readonly kid: string
  /** Names of the trusted root keys that signed it. */
  readonly signers: readonly string[]
}

/**
 * What the root grants to keys of this kid, by the certificates at hand (contract 1.2): each grant once, when it
 * was signed by the threshold of distinct keys of any one manifest. Certificates of other keys cost no signature
 * check, and those met before cost none again.
 */
export function* grantsTo(
  kid: string,
  certificates: Iterable<SignedObject<KeyCertificate>>,
  trust: Trust,
  sha256: Sha256,
): Steps<readonly KeyCertificate[]> {
  const met: MetCertificate[] = []
  for (const certificate of certificates) {
    const one = yield* meet(certificate, kid, trust, sha256)
    if (one !== null) met.push(one)
  }
  return met
    .filter((one, i) => isFirst(one, i, met) && isGranted(one, met, trust))
    .map((one) => one.certificate)
}

/** The certificate with its signers, or null when it is for a key of another kid. */
function* meet(
  { value: certificate, body, signature, digest }: SignedObject<KeyCertificate>,
  kid: string,
  trust: Trust,
  sha256: Sha256,
): Steps<MetCertificate | null> {
  const name = toHex(digest)
  const known = trust.met.get(name)
  if (known !== undefined) return known.kid === kid ? known : null
  if (keyId(certificate.publicKey, sha256) !== kid) return null
  const signers: string[] = []
  const message = signingInput(certificate.rootKid, 'lk1', body)
  for (const root of trust.roots.get(certificate.rootKid) ?? []) {
    if (yield { publicKey: root.publicKey, message, signature }) signers.push(keyName(root))
  }
  const met = { certificate, body, kid, signers }
  trust.met.set(name, met)
  return met
}

function isFirst(one: MetCertificate, at: number, met: readonly MetCertificate[]): boolean {
  return met.findIndex((other) => sameGrant(other.body, one.body)) === at
}

function isGranted(one: MetCertificate, met: readonly MetCertificate[], trust: Trust): boolean {
  const signers = new Set<string>()
  for (const other of met) {
    if (sameGrant(other.body, one.body)) for (const name of other.signers) signers.add(name)
  }
  return trust.quorums.some(({ threshold, keys }) => countIn(keys, signers) >= threshold)
}

function countIn(keys: ReadonlySet<string>, signers: ReadonlySet<string>): number {
  let count = 0
  for (const name of signers) if (keys.has(name)) count++
  return count
}
