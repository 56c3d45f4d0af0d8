import type { Command } from 'commander'
import type { DraftJudged } from '../authority/ceremony/draft.ts'
import type { RootSigner } from '../authority/ceremony/root-signer.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { readDraft } from '../format/manifest-draft.ts'
import type { RootManifest } from '../format/root-manifest.ts'
import { readText } from './files.ts'
import { collected } from './options.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import {
  differentDrafts,
  draftDocument,
  draftNotes,
  draftRefused,
  joined,
  judged,
  maySign,
  otherRoot,
  signedBy,
} from './root-draft.ts'
import { type Chain, openRootKeys, type RootKeyFile, readChain, readRootKeys } from './root-files.ts'
import { manifestSheet, noteLine, PASSPHRASE_FILE } from './root-text.ts'
import type { Shell } from './shell.ts'
import { type HashedFile, hashed, transcriptText } from './transcript.ts'

interface Given {
  readonly manifest: readonly string[]
  readonly key?: readonly string[]
  readonly passphraseFile?: readonly string[]
  readonly development?: boolean
  readonly out: string
  readonly dryRun?: boolean
}

/** `licet root sign`: further root keys sign a draft that `licet root rotate` made, or signatures made apart are joined. */
export function addRootSign(root: Command, { shell, runs }: Program): void {
  command(
    root,
    'sign <drafts...>',
    'Add signatures to the draft of the next root manifest, and join those of drafts that were signed apart; needs no network',
    'root sign draft-2.json --manifest root-manifest.json --key root-0c44e1b7.key --out root-manifest-2.json',
    'root sign draft-2.json --manifest data/root-manifests.json --development --out draft-2-signed.json',
    'root sign draft-2-a.json draft-2-b.json --manifest root-manifest.json --out root-manifest-2.json',
  )
    .requiredOption('--manifest <file>', 'the chain so far; again for a further file', collected)
    .option('--key <file>', 'a sealed root key; again for a further one', collected)
    .option('--passphrase-file <file>', PASSPHRASE_FILE, collected)
    .option('--development', 'the development root of the data directory signs')
    .requiredOption('--out <file>', 'where the draft with the signatures goes; it must not exist')
    .option('--dry-run', 'show what would be signed; open no key and sign nothing')
    .action(runs((drafts: readonly string[], given: Given) => rootSign(shell, drafts, given)))
}

async function rootSign(shell: Shell, drafts: readonly string[], given: Given): Promise<Outcome> {
  const plan = await planOf(shell, drafts, given)
  if (!plan.ok) return plan.no
  if (given.dryRun) return planned(plan.value, given)
  const { keys, chain, manifest } = plan.value
  const roots: RootSigner[] = [...(await openRootKeys(shell, keys))]
  if (given.development) {
    const root = await developmentRoot(shell)
    if (root === null) return refused(1, 'no_development_root', NO_DEVELOPMENT_ROOT)
    if (!maySign(chain, manifest, root))
      return otherRoot({ kid: root.kid, path: 'The data directory' }, chain, manifest)
    roots.push(root)
  }
  return carriedOut(shell, plan.value, roots, given.out)
}

/** What is to be signed by whom, before any key is opened. */
interface Plan {
  /** The draft with the signatures of all files. */
  readonly text: string
  readonly draftFiles: readonly HashedFile[]
  readonly manifest: RootManifest
  readonly before: DraftJudged
  readonly chain: Chain
  readonly keys: readonly RootKeyFile[]
}

async function planOf(shell: Shell, paths: readonly string[], given: Given): Promise<Result<Plan, Outcome>> {
  const { key = [], development = false } = given
  if (key.length === 0 && !development && paths.length === 1)
    return no(
      refused(
        2,
        'usage',
        'Nobody is to sign: give --key FILE, --development, or a further draft to be joined.',
      ),
    )
  const chain = await readChain(shell, given.manifest)
  const drafts = await readDrafts(shell, paths, chain)
  if (!drafts.ok) return drafts
  const text = joined(shell, drafts.value)
  if (text === null) return no(differentDrafts(paths))
  const before = judged(shell, chain, text)
  if (!before.complete && before.reason !== 'missing') return no(draftRefused(paths.join(', '), before))
  const { manifest } = readDraft(text, shell.crypto.sha256)!
  const keys = await readRootKeys(shell, key, given.passphraseFile ?? [])
  const stranger = keys.find((one) => !maySign(chain, manifest, one))
  if (stranger !== undefined) return no(otherRoot(stranger, chain, manifest))
  await shell.mustBeFree(given.out)
  const draftFiles = drafts.value.map((draft, i) => hashed(shell, paths[i]!, draft))
  return yes({ text, draftFiles, manifest, before, chain, keys })
}

/** The drafts of the files; refused with the first that no signature could mend. */
async function readDrafts(
  shell: Shell,
  paths: readonly string[],
  chain: Chain,
): Promise<Result<readonly string[], Outcome>> {
  const drafts: string[] = []
  for (const path of paths) {
    const text = await readText(shell, path)
    const state = judged(shell, chain, text)
    if (!state.complete && state.reason !== 'missing') return no(draftRefused(path, state))
    drafts.push(text)
  }
  return yes(drafts)
}

async function carriedOut(
  shell: Shell,
  { text, draftFiles, manifest, before, chain }: Plan,
  roots: readonly RootSigner[],
  out: string,
): Promise<Outcome> {
  const signed = `${signedBy(shell, text, roots)}\n`
  const after = judged(shell, chain, signed)
  await shell.write(out, signed, 'public')
  const files = [...draftFiles, ...chain.files, hashed(shell, out, signed)]
  const notes = [...joinNotes(draftFiles), ...repeated(before, roots), ...draftNotes(after)]
  const by = roots.map(({ kid }) => kid).join(', ')
  const transcript = transcriptText(shell, {
    what: 'licet root sign',
    head: [['chain', `ends with version ${chain.newest.version}`]],
    signed: roots.length === 0 ? [] : [`root manifest version ${manifest.version}, by ${by}`],
    files,
    notes,
  })
  const json = { version: manifest.version, out, ...draftDocument(after), files, notes, transcript }
  return done(json, `${transcript}\n\n${manifestSheet(manifest)}`)
}

const joinNotes = ({ length }: readonly HashedFile[]): readonly string[] =>
  length === 1 ? [] : [`the signatures of ${length} drafts are joined`]

/** Keys whose signature stood there before: it counts once, and none was added. */
function repeated(before: DraftJudged, roots: readonly RootSigner[]): readonly string[] {
  const counts = before.complete || before.reason === 'missing' ? before.counts : []
  const signed = new Set(counts.flatMap((one) => one.signed.map(({ kid }) => kid)))
  return roots.flatMap(({ kid }) =>
    signed.has(kid) ? [`root key ${kid} had signed already; it counts once`] : [],
  )
}

const NO_DEVELOPMENT_ROOT =
  'There is no development root in the data directory; nothing was signed. Give --key FILE for a root that lies elsewhere.'

async function developmentRoot(shell: Shell): Promise<RootSigner | null> {
  const opened = await shell.open()
  try {
    return opened.developmentRoot.open()
  } finally {
    await opened.close()
  }
}

function planned({ manifest, keys, before, draftFiles }: Plan, { development }: Given): Outcome {
  const roots = [...keys.map(({ kid }) => kid), ...(development ? ['the development root'] : [])]
  const by = roots.length === 0 ? 'Nobody would sign.' : `Would be signed by ${roots.join(', ')}.`
  const notes = [...joinNotes(draftFiles), ...draftNotes(before)]
  const text = [
    manifestSheet(manifest),
    [`${by} Nothing was signed.`, ...notes.map(noteLine)].join('\n'),
  ].join('\n\n')
  return done({ dryRun: true, version: manifest.version, roots, notes }, text)
}
