import { equalBytes, toHex } from '../format/bytes.ts'
import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import {
  type RevokedKey,
  type RootKey,
  type RootManifest,
  type SignedManifest,
  writeManifestPayload,
} from '../format/root-manifest.ts'
import type { Steps } from './steps.ts'

/** The manifests that hold, pinned first, each version one above the one before; or the reason they do not. */
export type Walked =
  | { readonly ok: true; readonly manifests: readonly [RootManifest, ...RootManifest[]] }
  | { readonly ok: false; readonly why: string }

/** More than a manifest of the largest size can hold as text; parsed ones come without a size. */
const MOST_SIGNATURES = 512

/**
 * Walks from the pinned manifest, the first given, to the newest (contract 1.3, the TUF rule): the pinned one
 * needs its own threshold of its own keys; each next one is exactly one version higher, signed by the threshold
 * of the one before and by its own, and repeats every key revoked before. What is older than the pinned one
 * and exact repetitions are passed over: `[pinned, ...everything the server publishes]` is a chain.
 */
export function* walk(chain: readonly SignedManifest[]): Steps<Walked> {
  const [pinned, ...later] = chain
  if (pinned === undefined) return broken('no root manifest was given')
  if (chain.length > MANIFESTS_PER_CHAIN) return broken(`over ${MANIFESTS_PER_CHAIN} root manifests`)
  if (chain.some(({ signatures }) => signatures.length > MOST_SIGNATURES)) {
    return broken(`over ${MOST_SIGNATURES} signatures on one root manifest`)
  }
  const self = yield* signersOf(pinned, pinned.manifest.keys)
  if (!reaches(pinned.manifest, self)) {
    return broken(`version ${pinned.manifest.version} is not signed by its own threshold`)
  }
  const manifests: [RootManifest, ...RootManifest[]] = [pinned.manifest]
  for (const next of later) {
    if (isKnown(next.manifest, manifests)) continue
    const fault = yield* successionFault(manifests.at(-1)!, next)
    if (fault !== null) return broken(fault)
    manifests.push(next.manifest)
  }
  return { ok: true, manifests }
}

/**
 * The manifests of `trusted` and those that follow from them among `met`, in any order: what does not hold is left
 * out, so that nobody can hide a good manifest behind a bad one. `refused` when something was left out.
 */
export function* walkOn(
  trusted: readonly RootManifest[],
  met: readonly (SignedManifest | null)[],
): Steps<{ readonly manifests: readonly RootManifest[]; readonly refused: boolean }> {
  const readable = met.filter((one) => one !== null)
  const manifests = [...trusted]
  while (manifests.length > 0 && manifests.length < MANIFESTS_PER_CHAIN) {
    const next = yield* successor(manifests.at(-1)!, readable)
    if (next === null) break
    manifests.push(next)
  }
  const isLeftOut = (one: SignedManifest | null) => one === null || !isKnown(one.manifest, manifests)
  return { manifests, refused: met.some(isLeftOut) }
}

function* successor(from: RootManifest, met: readonly SignedManifest[]): Steps<RootManifest | null> {
  for (const next of met) {
    if (next.manifest.version !== from.version + 1 || next.signatures.length > MOST_SIGNATURES) continue
    if ((yield* successionFault(from, next)) === null) return next.manifest
  }
  return null
}

/** Names a key in sets and maps. */
export const keyName = (key: { readonly publicKey: Uint8Array }): string => toHex(key.publicKey)

/** The keys of a manifest whose signatures count under it: a key the same manifest revokes has no say. */
function countable(manifest: RootManifest): readonly string[] {
  const revoked = new Set(manifest.revoked.map(keyName))
  return manifest.keys.map(keyName).filter((name) => !revoked.has(name))
}

function reaches(manifest: RootManifest, signers: ReadonlySet<string>): boolean {
  return countable(manifest).filter((name) => signers.has(name)).length >= manifest.threshold
}

/** Which of the keys signed; a key that signed twice is one signer, signatures of other keys are ignored. */
function* signersOf(signed: SignedManifest, keys: readonly RootKey[]): Steps<ReadonlySet<string>> {
  const signers = new Set<string>()
  for (const { kid, signed: message, signature } of signed.signatures) {
    for (const key of keys) {
      if (key.kid !== kid || signers.has(keyName(key))) continue
      if (yield { publicKey: key.publicKey, message, signature }) signers.add(keyName(key))
    }
  }
  return signers
}

function isKnown(manifest: RootManifest, trusted: readonly RootManifest[]): boolean {
  const { version } = manifest
  const first = trusted[0]?.version ?? 1
  if (version < first) return true
  const same = trusted[version - first]
  return same !== undefined && equalBytes(writeManifestPayload(same), writeManifestPayload(manifest))
}

function* successionFault(from: RootManifest, next: SignedManifest): Steps<string | null> {
  const to = next.manifest
  if (to.version !== from.version + 1) return `version ${to.version} does not follow ${from.version}`
  const dropped = from.revoked.find((entry) => !to.revoked.some((again) => sameEntry(entry, again)))
  if (dropped !== undefined) return `version ${to.version} does not repeat that ${dropped.kid} is revoked`
  const signers = yield* signersOf(next, union(from.keys, to.keys))
  if (!reaches(from, signers))
    return `version ${to.version} is not signed by the threshold of ${from.version}`
  if (!reaches(to, signers)) return `version ${to.version} is not signed by its own threshold`
  return null
}

function sameEntry(a: RevokedKey, b: RevokedKey): boolean {
  return a.at === b.at && a.reason === b.reason && equalBytes(a.publicKey, b.publicKey)
}

function union(a: readonly RootKey[], b: readonly RootKey[]): readonly RootKey[] {
  const names = new Set(a.map(keyName))
  return [...a, ...b.filter((key) => !names.has(keyName(key)))]
}

const broken = (why: string): Walked => ({ ok: false, why })
