import type { Command } from 'commander'
import { changeFault, type ManifestFault, nextManifest } from '../authority/ceremony/manifest.ts'
import { type RootManifest, readManifest, writeManifest } from '../format/root-manifest.ts'
import { collected, time, wholeNumber, word } from './options.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import { type ChangeGiven, changeOf } from './root-change.ts'
import {
  draftDocument,
  draftNotes,
  draftRefused,
  judged,
  maySign,
  otherRoot,
  signedBy,
} from './root-draft.ts'
import { type Chain, openRootKeys, type RootKeyFile, readChain, readRootKeys } from './root-files.ts'
import { advice, manifestDocument, manifestSheet, noteLine, PASSPHRASE_FILE } from './root-text.ts'
import type { Shell } from './shell.ts'
import { hashed, transcriptText } from './transcript.ts'

interface Given extends ChangeGiven {
  readonly manifest: readonly string[]
  readonly out: string
  readonly key?: readonly string[]
  readonly passphraseFile?: readonly string[]
  readonly dryRun?: boolean
}

/** `licet root rotate`: the draft of the next root manifest, with the signatures that can be made here. */
export function addRootRotate(root: Command, { shell, runs }: Program): void {
  command(
    root,
    'rotate',
    'Draft the next root manifest: other root keys, another threshold, revoked keys; needs no network',
    'root rotate --manifest root-manifest.json --add root-77aa01c2.key --drop 5f3a9c21 --out draft-2.json',
    'root rotate --manifest chain.json --revoke revocation.json --key root-0c44e1b7.key --out draft-3.json',
    'root rotate --manifest data/root-manifests.json --add root-2026/root-manifest.json --threshold 2 --revoke 90b1f0aa --reason "it lay on a server" --out draft-2.json',
  )
    .requiredOption('--manifest <file>', 'the chain so far; again for a further file', collected)
    .requiredOption('--out <file>', 'where the draft goes; it must not exist')
    .option(
      '--add <file>',
      'a sealed root key, or a root manifest whose keys are added; again for more',
      collected,
    )
    .option('--drop <kid>', 'a root key that leaves, without being revoked; again for more', collected)
    .option('--threshold <k>', 'how many keys must sign from now on', wholeNumber(1, 64))
    .option(
      '--revoke <key>',
      'the kid of a root key, or a file "licet keys revoke" wrote; again for more',
      collected,
    )
    .option('--compromised-at <time>', 'since when a root key is not to be trusted; default: now', time)
    .option('--reason <text>', 'why a root key is revoked; the whole world reads it', word)
    .option('--key <file>', 'a sealed root key that signs now; again for a further one', collected)
    .option('--passphrase-file <file>', PASSPHRASE_FILE, collected)
    .option('--dry-run', 'show the draft; open no key and write nothing')
    .action(runs((given: Given) => rootRotate(shell, given)))
}

async function rootRotate(shell: Shell, given: Given): Promise<Outcome> {
  const chain = await readChain(shell, given.manifest)
  const change = await changeOf(shell, chain, given)
  const fault = changeFault(chain.newest, change)
  if (fault !== null) return faultOutcome(fault)
  const payload = nextManifest(chain.newest, change)
  const { manifest } = readManifest(writeManifest(payload, []), shell.crypto.sha256)!
  const keys = await readRootKeys(shell, given.key ?? [], given.passphraseFile ?? [])
  const stranger = keys.find((key) => !maySign(chain, manifest, key))
  if (stranger !== undefined) return otherRoot(stranger, chain, manifest)
  await shell.mustBeFree(given.out)
  if (given.dryRun) return planned(manifest)
  const draft = `${signedBy(shell, payload, await openRootKeys(shell, keys))}\n`
  return written(shell, chain, manifest, draft, keys, given.out)
}

async function written(
  shell: Shell,
  chain: Chain,
  manifest: RootManifest,
  draft: string,
  keys: readonly RootKeyFile[],
  out: string,
): Promise<Outcome> {
  const state = judged(shell, chain, draft)
  if (!state.complete && state.reason !== 'missing') return draftRefused('The draft', state)
  await shell.write(out, draft, 'public')
  const files = [...chain.files, hashed(shell, out, draft)]
  const notes = [...draftNotes(state), ...advice(manifest.threshold, manifest.keys.length)]
  const by = keys.map(({ kid }) => kid).join(', ')
  const transcript = transcriptText(shell, {
    what: 'licet root rotate',
    head: [['chain', `ends with version ${chain.newest.version}`]],
    signed: keys.length === 0 ? [] : [`root manifest version ${manifest.version}, by ${by}`],
    files,
    notes,
  })
  const json = { ...manifestDocument(manifest), out, ...draftDocument(state), files, notes, transcript }
  return done(json, `${transcript}\n\n${manifestSheet(manifest)}`)
}

function faultOutcome(fault: ManifestFault): Outcome {
  const { reason } = fault
  switch (reason) {
    case 'bad_threshold':
      return refused(
        1,
        reason,
        `${fault.threshold} of ${fault.keys} keys cannot sign; no draft was made. Give another --threshold, or add keys.`,
      )
    case 'kid_in_use':
      return refused(
        1,
        reason,
        `Two of the root keys have the kid ${fault.kid}; no draft was made. Make another key.`,
      )
    case 'revoked_key':
      return refused(
        1,
        reason,
        `Key ${fault.kid} is revoked, and that is for ever; no draft was made. Leave it out.`,
      )
    case 'nothing_changes':
      return refused(2, reason, 'Nothing would change: give --add, --drop, --threshold or --revoke.')
    default:
      return fault satisfies never
  }
}

function planned(manifest: RootManifest): Outcome {
  const notes = advice(manifest.threshold, manifest.keys.length)
  const said = ['Nothing was written.', ...notes.map(noteLine)].join('\n')
  return done({ dryRun: true, ...manifestDocument(manifest), notes }, `${manifestSheet(manifest)}\n\n${said}`)
}
