import {
  type DraftFault,
  type DraftJudged,
  judgeDraft,
  type Signatures,
} from '../authority/ceremony/draft.ts'
import { joinDrafts, signDraft } from '../authority/ceremony/manifest.ts'
import type { RootSigner } from '../authority/ceremony/root-signer.ts'
import { type RootKey, type RootManifest, writeManifest } from '../format/root-manifest.ts'
import { type Outcome, refused } from './output.ts'
import { type Chain, hasSay, type RootKeyFile } from './root-files.ts'
import type { Shell } from './shell.ts'

/** What people are told of a manifest on its way to enough signatures. */

const kids = (keys: readonly RootKey[]): string => keys.map(({ kid }) => kid).join(', ')

/** The draft with the signatures of these root keys beside those it has. */
export const signedBy = (
  { crypto }: Shell,
  draft: Uint8Array | string,
  roots: readonly RootSigner[],
): string => {
  const text = typeof draft === 'string' ? draft : writeManifest(draft, [])
  return roots.reduce((signed, root) => signDraft(signed, root, crypto), text)
}

export const judged = ({ crypto }: Shell, { texts }: Chain, draft: string): DraftJudged =>
  judgeDraft(texts, draft, crypto)

/** One note for each manifest whose keys have not signed enough; or that nothing is missing. */
export function draftNotes(draft: DraftJudged): readonly string[] {
  if (draft.complete)
    return [`root manifest version ${draft.version} is complete: it has every signature it needs`]
  return draft.reason === 'missing' ? draft.counts.flatMap(shortNote) : []
}

function shortNote({ version, have, need, open }: Signatures): readonly string[] {
  if (have >= need) return []
  return [
    `of the keys of version ${version}, ${have} of ${need} have signed; ${need - have} more of ${kids(open)} must sign`,
  ]
}

/** What is missing, for a program. */
export const draftDocument = (draft: DraftJudged) => ({
  complete: draft.complete,
  signatures:
    draft.complete || draft.reason === 'missing'
      ? draft.counts.map(({ version, have, need, signed, open }) => ({
          version,
          have,
          need,
          signed: signed.map(({ kid }) => kid),
          open: open.map(({ kid }) => kid),
        }))
      : [],
})

/** The signatures of drafts that were signed apart, in one draft. */
export const joined = ({ crypto }: Shell, drafts: readonly string[]): string | null =>
  joinDrafts(drafts, crypto)

export const differentDrafts = (paths: readonly string[]): Outcome =>
  refused(
    1,
    'different_drafts',
    `${paths.join(', ')} are drafts of different content; nothing was signed. Join those of one "licet root rotate", or have all sign one of them.`,
  )

/** A draft that no signature could mend. */
export function draftRefused(path: string, no: Exclude<DraftFault, { reason: 'missing' }>): Outcome {
  return refused(no.reason === 'malformed' ? 2 : 1, no.reason, draftSentence(path, no))
}

export function draftSentence(path: string, no: DraftFault): string {
  switch (no.reason) {
    case 'bad_chain':
      return `The chain does not hold: ${no.why}.`
    case 'malformed':
      return `${path} is no root manifest, or was cut or edited so that it is none; bring the file again.`
    case 'wrong_version':
      return `${path} is root manifest version ${no.version}, and the chain ends with version ${no.newest}; it must be one higher. Bring the newest chain, or make the draft again with "licet root rotate".`
    case 'drops_revoked':
      return `${path} does not repeat that key ${no.kid} is revoked, as the chain has it; make the draft again with "licet root rotate".`
    case 'missing':
      return `${path} is not complete: ${no.counts.flatMap(shortNote).join('; ')}.`
    case 'does_not_hold':
      return `${path} does not follow from the chain: ${no.why}.`
    default:
      return no satisfies never
  }
}

/** Its signature counts: among those of the manifest before, or among the draft's own. */
export function maySign({ manifests, newest }: Chain, draft: RootManifest, key: RootKey): boolean {
  const before = manifests.find(({ version }) => version === draft.version - 1) ?? newest
  return hasSay(before, key) || hasSay(draft, key)
}

export const otherRoot = (
  { path, kid }: Pick<RootKeyFile, 'path' | 'kid'>,
  { newest }: Chain,
  draft: RootManifest,
): Outcome =>
  refused(
    1,
    'other_root',
    `${path} holds root key ${kid}, which has no say under root manifest version ${newest.version} nor under the draft of version ${draft.version}; nothing was signed. Bring one of the keys they name.`,
  )
