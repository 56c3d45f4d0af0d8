import { equalBytes } from '../../format/bytes.ts'
import { signingInput } from '../../format/jws.ts'
import { type KeyCertificate, sameGrant } from '../../format/key-certificate.ts'
import { readKeyCertificate } from '../../format/license-text.ts'
import type { RootKey, RootManifest } from '../../format/root-manifest.ts'
import type { Crypto } from '../host.ts'

/** Certificates of one key that differ in nothing but the root that signed, and how far they reach together. */
export interface Grant {
  /** As the first of them says it. */
  readonly certificate: KeyCertificate
  /** LK1 strings, one for each root key. */
  readonly texts: readonly string[]
  /** Kids of the root keys that signed. */
  readonly roots: readonly string[]
  /** Distinct root keys that signed, under the manifest of the chain that is nearest to being satisfied. */
  readonly have: number
  /** The threshold of that manifest. */
  readonly need: number
}

/** Why a certificate has no say, whatever stands beside it. */
export type CertificateFault =
  | 'unreadable'
  | 'other_key'
  /** No manifest of the chain knows the root key. */
  | 'unknown_root'
  /** The newest manifest revokes the root key. */
  | 'revoked_root'
  | 'bad_signature'

export interface Counted {
  /** LK1 strings that count: each is of a grant that reached its threshold. */
  readonly counted: readonly string[]
  readonly grants: readonly Grant[]
  /** Grants that did not reach it, with what is missing. */
  readonly short: readonly Grant[]
  readonly refused: readonly { readonly text: string; readonly why: CertificateFault }[]
}

interface Signed {
  readonly text: string
  readonly body: Uint8Array
  readonly certificate: KeyCertificate
  readonly root: RootKey
}

/**
 * Which certificates of the key count (contract 1.2): those of k distinct root keys of some one manifest of the chain,
 * equal but for the root that signed, none of a root key that the newest manifest revokes. `chain` was verified.
 */
export function countedCertificates(
  chain: readonly RootManifest[],
  publicKey: Uint8Array,
  certificates: readonly string[],
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): Counted {
  const judged = certificates.map((text) => judge(text, publicKey, chain, crypto))
  const signed = judged.flatMap((one) => ('why' in one ? [] : [one]))
  const grants = grouped(signed).map((group) => grantOf(group, chain))
  const holds = ({ have, need }: Grant) => have >= need
  return {
    counted: grants.filter(holds).flatMap(({ texts }) => texts),
    grants: grants.filter(holds),
    short: grants.filter((grant) => !holds(grant)),
    refused: judged.flatMap((one) => ('why' in one ? [one] : [])),
  }
}

function judge(
  text: string,
  publicKey: Uint8Array,
  chain: readonly RootManifest[],
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): Signed | { readonly text: string; readonly why: CertificateFault } {
  const read = readKeyCertificate(text, crypto.sha256)
  if (!read.ok) return { text, why: 'unreadable' }
  const { value: certificate, body, signature } = read.certificate
  if (!equalBytes(certificate.publicKey, publicKey)) return { text, why: 'other_key' }
  const known = chain.flatMap(({ keys }) => keys).filter(({ kid }) => kid === certificate.rootKid)
  const standing = known.filter((key) => !isRevoked(key, chain))
  if (standing.length === 0) return { text, why: known.length === 0 ? 'unknown_root' : 'revoked_root' }
  const message = signingInput(certificate.rootKid, 'lk1', body)
  const root = standing.find((key) => crypto.verify(key.publicKey, message, signature))
  return root === undefined ? { text, why: 'bad_signature' } : { text, body, certificate, root }
}

const isRevoked = (key: RootKey, chain: readonly RootManifest[]): boolean =>
  chain.at(-1)?.revoked.some((entry) => isSame(entry, key)) ?? false

const isSame = (a: RootKey, b: RootKey): boolean => equalBytes(a.publicKey, b.publicKey)

/** By what they grant, each root key once. */
function grouped(signed: readonly Signed[]): readonly (readonly Signed[])[] {
  const groups: Signed[][] = []
  for (const one of signed) {
    const group = groups.find(([first]) => first !== undefined && sameGrant(first.body, one.body))
    if (group === undefined) groups.push([one])
    else if (!group.some(({ root }) => isSame(root, one.root))) group.push(one)
  }
  return groups
}

function grantOf(group: readonly Signed[], chain: readonly RootManifest[]): Grant {
  const roots = group.map(({ root }) => root)
  const counts = chain.map(({ threshold: need, keys }) => ({
    have: keys.filter((key) => roots.some((root) => isSame(root, key))).length,
    need,
  }))
  const nearest = counts.reduce((best, next) =>
    next.need - next.have <= best.need - best.have ? next : best,
  )
  return {
    certificate: group[0]!.certificate,
    texts: group.map(({ text }) => text),
    roots: roots.map(({ kid }) => kid),
    ...nearest,
  }
}
