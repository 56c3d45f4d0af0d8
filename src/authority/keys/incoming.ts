import { no, type Result, yes } from '../../domain/result.ts'
import { equalBytes } from '../../format/bytes.ts'
import { keyId } from '../../format/jws.ts'
import { readKeyCertificate } from '../../format/license-text.ts'
import { manifestOf, type RootManifest, readManifest } from '../../format/root-manifest.ts'
import { createSyncVerifier } from '../../verify/index.ts'
import type { Crypto } from '../host.ts'
import type { StoredKey } from '../key-store.ts'
import { publicKeyOf } from './counting.ts'
import { isInUse, type KeysNow } from './now.ts'
import type { KeyRefusal } from './refusal.ts'

export interface LongerChain {
  /** Manifests that are new, oldest first. */
  readonly fresh: readonly { readonly text: string; readonly manifest: RootManifest }[]
  /** The whole chain with them. */
  readonly chain: readonly RootManifest[]
}

/** The chain with further manifests, in whatever order they came; those that are known are passed over. */
export function longerChain(
  { manifests, chain }: KeysNow,
  texts: readonly string[],
  crypto: Crypto,
): Result<LongerChain, KeyRefusal> {
  const read = texts.map((text) => ({ text, manifest: readManifest(text, crypto.sha256)?.manifest }))
  const readable = read.flatMap(({ text, manifest }) => (manifest === undefined ? [] : [{ text, manifest }]))
  if (readable.length < read.length)
    return no({ reason: 'chain_broken', why: 'a root manifest is malformed' })
  const sorted = readable.toSorted((a, b) => a.manifest.version - b.manifest.version)
  const longer = [...manifests, ...sorted.map(({ text }) => text)]
  const opened = createSyncVerifier(crypto).openTrustSync(longer)
  if (!opened.ok) return no(signedApart(sorted) ?? { reason: 'chain_broken', why: opened.why })
  const newest = chain.at(-1)?.version ?? 0
  const fresh = sorted.filter(
    ({ manifest: { version } }, i) => version > newest && sorted[i - 1]?.manifest.version !== version,
  )
  return yes({ fresh, chain: opened.trust.manifests.map(manifestOf) })
}

/** Two different texts of one version, where the chain does not hold: most likely each was signed by one of several people. */
function signedApart(
  sorted: readonly { readonly text: string; readonly manifest: RootManifest }[],
): KeyRefusal | null {
  const apart = sorted.find(({ text, manifest: { version } }, i) => {
    const before = sorted[i - 1]
    return before?.manifest.version === version && before.text !== text
  })
  return apart === undefined ? null : { reason: 'signed_apart', version: apart.manifest.version }
}

export interface Addressed {
  readonly key: StoredKey
  readonly texts: readonly string[]
}

/** Certificates by the stored key that they certify. */
export function addressees(
  now: KeysNow,
  texts: readonly string[],
  crypto: Crypto,
): Result<readonly Addressed[], KeyRefusal> {
  const byKid = new Map<string, { key: StoredKey; texts: string[] }>()
  for (const text of texts) {
    const read = readKeyCertificate(text, crypto.sha256)
    if (!read.ok) return no({ reason: 'unreadable_certificate', why: read.reason })
    const { publicKey } = read.certificate.value
    const key = now.keys.find((one) => equalBytes(publicKeyOf(one), publicKey))
    if (key === undefined) return no(strangerOf(now, keyId(publicKey, crypto.sha256)))
    const addressed = byKid.get(key.kid) ?? { key, texts: [] }
    addressed.texts.push(text)
    byKid.set(key.kid, addressed)
  }
  return yes([...byKid.values()])
}

/** A key that was not made here; two keys of one kid would be told apart by nobody. */
const strangerOf = (now: KeysNow, kid: string): KeyRefusal =>
  isInUse(now, kid) ? { reason: 'kid_in_use', kid } : { reason: 'certificate_of_unknown_key', kid }
