import { readDraft } from '../../format/manifest-draft.ts'
import {
  manifestOf,
  type RootKey,
  type RootManifest,
  type SignedManifest,
} from '../../format/root-manifest.ts'
import { createSyncVerifier } from '../../verify/index.ts'
import type { Crypto } from '../host.ts'
import { isBy, isSame } from './manifest.ts'

/** How many of the keys of one manifest signed a draft. */
export interface Signatures {
  /** Version of the manifest whose keys are counted. */
  readonly version: number
  readonly have: number
  readonly need: number
  readonly signed: readonly RootKey[]
  /** Those that could still sign. */
  readonly open: readonly RootKey[]
}

export type DraftJudged =
  | { readonly complete: true; readonly version: number; readonly counts: readonly Signatures[] }
  | ({ readonly complete: false } & DraftFault)

export type DraftFault =
  /** The chain it should follow does not hold. */
  | { readonly reason: 'bad_chain'; readonly why: string }
  | { readonly reason: 'malformed' }
  /** Not one version above the newest of the chain, and not the manifest that stands there. */
  | { readonly reason: 'wrong_version'; readonly version: number; readonly newest: number }
  /** A key that the chain revokes is not revoked in it, or another time or reason is given. */
  | { readonly reason: 'drops_revoked'; readonly kid: string }
  /** Under some of the two manifests there are not enough signatures yet. */
  | { readonly reason: 'missing'; readonly version: number; readonly counts: readonly Signatures[] }
  /** It does not hold, in the words of the verifier. */
  | { readonly reason: 'does_not_hold'; readonly why: string }

/**
 * Whether a draft follows from the chain as the TUF rule wants it (contract 1.3). Our own verifier has the last word;
 * the counts say to people what is missing.
 */
export function judgeDraft(
  chainTexts: readonly string[],
  draftText: string,
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): DraftJudged {
  const verifier = createSyncVerifier(crypto)
  const chain = verifier.openTrustSync(chainTexts)
  if (!chain.ok) return { complete: false, reason: 'bad_chain', why: chain.why }
  const draft = readDraft(draftText, crypto.sha256)
  if (draft === null) return { complete: false, reason: 'malformed' }
  const manifests = chain.trust.manifests.map(manifestOf)
  const fault = succession(manifests, draft)
  if (fault !== null) return { complete: false, ...fault }
  const { version } = draft.manifest
  const previous = manifests.find((one) => one.version === version - 1)
  const counts = [previous, draft.manifest].flatMap((manifest) =>
    manifest === undefined ? [] : [countOf(manifest, draft, crypto)],
  )
  if (counts.some(({ have, need }) => have < need))
    return { complete: false, reason: 'missing', version, counts }
  const whole = verifier.openTrustSync([...chainTexts, draftText])
  return whole.ok
    ? { complete: true, version, counts }
    : { complete: false, reason: 'does_not_hold', why: whole.why }
}

function succession(chain: readonly RootManifest[], { manifest: next }: SignedManifest): DraftFault | null {
  const newest = chain.at(-1)!
  const { version } = next
  if (version > newest.version + 1 || version < chain[0]!.version)
    return { reason: 'wrong_version', version, newest: newest.version }
  const before = chain.find((one) => one.version === version - 1)
  const dropped = before?.revoked.find(
    (entry) =>
      !next.revoked.some((one) => isSame(one, entry) && one.at === entry.at && one.reason === entry.reason),
  )
  return dropped === undefined ? null : { reason: 'drops_revoked', kid: dropped.kid }
}

function countOf(
  { version, keys, threshold, revoked }: RootManifest,
  { signatures }: SignedManifest,
  crypto: Pick<Crypto, 'verify'>,
): Signatures {
  const countable = keys.filter((key) => !revoked.some((entry) => isSame(entry, key)))
  const signed = countable.filter((key) => signatures.some((one) => isBy(key, one, crypto)))
  const open = countable.filter((key) => !signed.includes(key))
  return { version, have: signed.length, need: threshold, signed, open }
}
