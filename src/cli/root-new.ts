import type { Command } from 'commander'
import { type KeyPair, sealKey } from '../authority/ceremony/root-key.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { keyId } from '../format/jws.ts'
import { type RootKey, writeManifestPayload } from '../format/root-manifest.ts'
import { trustIn } from './manifests.ts'
import { collected, wholeNumber } from './options.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import { signedBy } from './root-draft.ts'
import { advice, noteLine, PASSPHRASE_FILE } from './root-text.ts'
import { newPassphrase, passphraseFilesFor } from './secrets.ts'
import type { OutFile, Shell } from './shell.ts'
import { table } from './table.ts'
import { hashed, transcriptText } from './transcript.ts'

/** Nobody gathers more officers than this, and a manifest stays far below its 64 KiB. */
const MOST_KEYS = 16

interface Given {
  readonly threshold: number
  readonly keys: number
  readonly out: string
  readonly passphraseFile?: readonly string[]
  readonly dryRun?: boolean
}

/** `licet root new`: root keys, each sealed under its own passphrase, and the manifest that software pins. */
export function addRootNew(root: Command, { shell, runs }: Program): void {
  command(
    root,
    'new',
    'Make root keys, each sealed under its own passphrase, and the first root manifest; needs no network',
    'root new --threshold 2 --keys 3 --out root-2026',
    'root new --threshold 1 --keys 2 --out root-2026 --passphrase-file alice.txt --passphrase-file bob.txt',
  )
    .requiredOption('--threshold <k>', 'how many of the keys must sign', wholeNumber(1, MOST_KEYS))
    .requiredOption('--keys <n>', 'how many keys there are', wholeNumber(1, MOST_KEYS))
    .requiredOption(
      '--out <directory>',
      'a directory to be made: key files, root-manifest.json, transcript.txt',
    )
    .option('--passphrase-file <file>', PASSPHRASE_FILE, collected)
    .option('--dry-run', 'say what would be made; make nothing')
    .action(runs((given: Given) => rootNew(shell, given)))
}

async function rootNew(shell: Shell, given: Given): Promise<Outcome> {
  const { threshold, keys: count, out } = given
  if (threshold > count)
    return refused(2, 'usage', `${count} keys can never reach a threshold of ${threshold}; make more keys.`)
  const passphraseFiles = passphraseFilesFor(count, given.passphraseFile ?? [])
  await shell.mustBeFree(out)
  if (given.dryRun) return planned(given)
  const keys = newKeys(shell, count)
  const passphrases = await askedFor(shell, keys, passphraseFiles)
  const files = await filesOf(shell, keys, passphrases, threshold)
  const notes = [...advice(threshold, count), ...(new Set(passphrases).size < count ? [SHARED] : [])]
  const transcript = transcriptOf(shell, keys, threshold, files, notes)
  await shell.writeDirectory(out, [
    ...files,
    { name: 'transcript.txt', text: `${transcript}\n`, audience: 'public' },
  ])
  return made(shell, given, keys, files, transcript, notes)
}

interface NewKey extends RootKey, KeyPair {}

/** Two keys of one root must not share their 32-bit kid. */
function newKeys({ crypto }: Shell, count: number): readonly NewKey[] {
  const keys = new Map<string, NewKey>()
  while (keys.size < count) {
    const pair = crypto.newKeyPair()
    const kid = keyId(pair.publicKey, crypto.sha256)
    keys.set(kid, { ...pair, kid })
  }
  return [...keys.values()]
}

async function askedFor(
  shell: Shell,
  keys: readonly NewKey[],
  files: readonly (string | null)[],
): Promise<readonly string[]> {
  const passphrases: string[] = []
  for (const [i, { kid }] of keys.entries())
    passphrases.push(await newPassphrase(shell, `root key ${kid} (${i + 1} of ${keys.length})`, files[i]!))
  return passphrases
}

async function filesOf(
  shell: Shell,
  keys: readonly NewKey[],
  passphrases: readonly string[],
  threshold: number,
): Promise<readonly OutFile[]> {
  const files: OutFile[] = []
  for (const [i, key] of keys.entries()) {
    const text = await sealKey(shell.passphrases, shell.crypto, passphrases[i]!, 'root', key)
    files.push({ name: `root-${key.kid}.key`, text, audience: 'private' })
  }
  const manifest = firstManifest(shell, keys, threshold)
  return [...files, { name: 'root-manifest.json', text: `${manifest}\n`, audience: 'public' }]
}

/** Version 1, signed by every key: each proves here that it can sign. */
function firstManifest(shell: Shell, keys: readonly NewKey[], threshold: number): string {
  const { crypto } = shell
  const payload = writeManifestPayload({ version: 1, threshold, keys, revoked: [], issuedAt: shell.now() })
  const signers = keys.map((key) => ({ ...key, signer: crypto.signer(key.privateKey, key.publicKey) }))
  const text = signedBy(shell, payload, signers)
  trustIn(shell, 'the new manifest', [text])
  return text
}

const SHARED = 'two keys have the same passphrase: who learns one opens both'

function transcriptOf(
  shell: Shell,
  keys: readonly RootKey[],
  threshold: number,
  files: readonly OutFile[],
  notes: readonly string[],
): string {
  return transcriptText(shell, {
    what: 'licet root new',
    head: [['root', `version 1, ${threshold} of ${keys.length} keys must sign`]],
    signed: [`root manifest version 1, by ${keys.map(({ kid }) => kid).join(', ')}`],
    files: files.map(({ name, text }) => hashed(shell, name, text)),
    notes,
  })
}

function planned({ threshold, keys: count, out }: Given): Outcome {
  const notes = advice(threshold, count)
  const plan = `Would make ${count} root keys, of which ${threshold} must sign, in ${out}. Nothing was made.`
  return done({ dryRun: true, threshold, keys: count, out, notes }, [plan, ...notes.map(noteLine)].join('\n'))
}

function made(
  shell: Shell,
  { threshold, out }: Given,
  keys: readonly RootKey[],
  files: readonly OutFile[],
  transcript: string,
  notes: readonly string[],
): Outcome {
  const rows = keys.map(({ kid, publicKey }) => [kid, encodeBase64url(publicKey), `${out}/root-${kid}.key`])
  const json = {
    version: 1,
    threshold,
    keys: rows.map(([kid, x, file]) => ({ kid, x, file })),
    manifest: `${out}/root-manifest.json`,
    files: files.map(({ name, text }) => hashed(shell, `${out}/${name}`, text)),
    notes,
    transcript,
  }
  return done(json, [transcript, table(['ROOT KEY', 'PUBLIC KEY', 'FILE'], rows), next(out)].join('\n\n'))
}

const next = (out: string): string =>
  [
    'What to do next:',
    '  Print each key file, or copy it to a stick of its own, and give it to its owner. Remove it here.',
    `  Pin ${out}/root-manifest.json in your software, and give it to the server:`,
    `  npx licet init --root ${out}/root-manifest.json`,
  ].join('\n')
