import type { Seconds } from '../../domain/time.ts'
import { equalBytes } from '../../format/bytes.ts'
import { readDraft } from '../../format/manifest-draft.ts'
import {
  type ManifestSignature,
  manifestSigned,
  type RevokedKey,
  type RootKey,
  type RootManifest,
  writeManifest,
  writeManifestPayload,
} from '../../format/root-manifest.ts'
import type { Crypto } from '../host.ts'
import type { RootSigner } from './root-signer.ts'

/** What the next manifest changes; what is left out stays as it is. */
export interface ManifestChange {
  readonly keys?: readonly RootKey[]
  readonly threshold?: number
  /** Newly revoked keys; those revoked before stay so. */
  readonly revoke?: readonly RevokedKey[]
  readonly now: Seconds
}

/**
 * The payload of version n+1, which root keys sign. A root key that is revoked by it leaves its keys, since its word
 * counts no more; a key revoked before keeps its entry as it was.
 */
export function nextManifest(newest: RootManifest, change: ManifestChange): Uint8Array {
  return writeManifestPayload(nextOf(newest, change))
}

export type ManifestFault =
  | { readonly reason: 'bad_threshold'; readonly threshold: number; readonly keys: number }
  /** Two different keys with one kid, or a key named twice. */
  | { readonly reason: 'kid_in_use'; readonly kid: string }
  /** A key that is revoked is to be a root key. */
  | { readonly reason: 'revoked_key'; readonly kid: string }
  | { readonly reason: 'nothing_changes' }

/** Why a change makes no manifest that anybody could accept; null when it makes one. */
export function changeFault(newest: RootManifest, change: ManifestChange): ManifestFault | null {
  const next = nextOf(newest, change)
  const { keys, threshold, revoked } = next
  const twice = keys.find((key, i) => keys.findIndex(({ kid }) => kid === key.kid) !== i)
  if (twice !== undefined) return { reason: 'kid_in_use', kid: twice.kid }
  const barred = change.keys?.find((key) => newest.revoked.some((entry) => isSame(entry, key)))
  if (barred !== undefined) return { reason: 'revoked_key', kid: barred.kid }
  if (threshold < 1 || threshold > keys.length)
    return { reason: 'bad_threshold', threshold, keys: keys.length }
  const isAsBefore =
    threshold === newest.threshold &&
    revoked.length === newest.revoked.length &&
    keys.length === newest.keys.length &&
    keys.every((key) => newest.keys.some((other) => isSame(key, other)))
  return isAsBefore ? { reason: 'nothing_changes' } : null
}

function nextOf(newest: RootManifest, { keys, threshold, revoke = [], now }: ManifestChange): RootManifest {
  const added = revoke.filter((key) => !newest.revoked.some((entry) => isSame(entry, key)))
  const revoked = [...newest.revoked, ...added]
  return {
    version: newest.version + 1,
    threshold: threshold ?? newest.threshold,
    keys: (keys ?? newest.keys).filter((key) => !added.some((entry) => isSame(entry, key))),
    revoked,
    issuedAt: now,
  }
}

/**
 * Adds the signature of a root key to a payload, or to a draft that others may have signed. Signatures that stand
 * there already are kept, and a second one of the same key changes nothing.
 * Throws for a draft that is none: the caller has judged it.
 */
export function signDraft(
  draft: Uint8Array | string,
  root: RootSigner,
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): string {
  const { payload, signatures } =
    typeof draft === 'string' ? opened(draft, crypto) : { payload: draft, signatures: [] }
  if (signatures.some((one) => isBy(root, one, crypto))) return writeManifest(payload, signatures)
  const signature = root.signer.sign(manifestSigned(root.kid, payload))
  return writeManifest(payload, [...signatures, { kid: root.kid, signature }])
}

/**
 * One draft with the signatures of several, which people made apart: each once, the first draft's before the others'.
 * null when they do not hold the same payload. Throws for a draft that is none: the caller has judged it.
 */
export function joinDrafts(drafts: readonly string[], crypto: Pick<Crypto, 'sha256'>): string | null {
  const [first, ...others] = drafts.map((text) => opened(text, crypto))
  if (first === undefined) throw new Error('there is no draft to be joined')
  if (others.some(({ payload }) => !equalBytes(payload, first.payload))) return null
  const all = [first, ...others].flatMap(({ signatures }) => signatures)
  const isTwin = (a: ManifestSignature, b: ManifestSignature) =>
    a.kid === b.kid && equalBytes(a.signature, b.signature)
  const joined = all.filter((one, i) => all.findIndex((other) => isTwin(one, other)) === i)
  return writeManifest(first.payload, joined)
}

function opened(text: string, crypto: Pick<Crypto, 'sha256'>) {
  const draft = readDraft(text, crypto.sha256)
  if (draft === null) throw new Error('a manifest that cannot be read cannot be signed')
  return draft
}

/** True when the signature is good and of this key. */
export function isBy(
  { kid, publicKey }: RootKey,
  one: ManifestSignature,
  { verify }: Pick<Crypto, 'verify'>,
): boolean {
  return one.kid === kid && verify(publicKey, one.signed, one.signature)
}

export const isSame = (a: RootKey, b: RootKey): boolean => equalBytes(a.publicKey, b.publicKey)
