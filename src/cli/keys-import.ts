import type { Command } from 'commander'
import { bringHome, type Home } from '../authority/keys/bring-home.ts'
import { type Imported, type Incoming, importTrust } from '../authority/keys/import.ts'
import type { Order, Taken } from '../authority/keys/step.ts'
import { readText } from './files.ts'
import { grantsText, shownGrant } from './keys-certify.ts'
import { type Ordering, ordered, orderOf, toldAs, withOpened } from './keys-order.ts'
import { keyRefusalOutcome, keySentence } from './keys-refusals.ts'
import { manifestTexts } from './manifests.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program } from './program.ts'
import { openKeyFile } from './secrets.ts'
import { type Opened, type Shell, Unreadable } from './shell.ts'

interface Given extends Ordering {
  readonly private?: string
  readonly passphraseFile?: string
}

/** `licet keys import`: what came from the ceremony, and spares that come home. */
export function addImportCommand(keys: Command, { shell, runs }: Program): void {
  ordered(
    command(
      keys,
      'import [file...]',
      'Take in certificates and root manifests from the ceremony, and the private part of a spare',
      'keys import certificates.txt',
      'keys import certificates.txt root-manifest-2.json --dry-run',
      'keys import --private spare-1.key',
    ),
  )
    .option('--private <file>', 'the private part of a spare, to be sealed here')
    .option('--passphrase-file <file>', 'with --private: file with its passphrase; asked for when left out')
    .action(runs((files: readonly string[], given: Given) => importFiles(shell, files, given)))
}

async function importFiles(shell: Shell, files: readonly string[], given: Given): Promise<Outcome> {
  const { private: privateFile, passphraseFile = null } = given
  if (files.length === 0 && privateFile === undefined)
    throw new Unreadable('Give files with certificates or root manifests, or --private FILE.')
  const incoming = { ...(await readIncoming(shell, files)), published: await publishedBy(shell) }
  const pair =
    privateFile === undefined ? null : await openKeyFile(shell, privateFile, 'spare', passphraseFile)
  return withOpened(shell, async (opened) => {
    const order = orderOf(shell, given)
    // Judged before anything is taken in, so that a refusal leaves all as it was.
    const judged = pair === null ? null : await bringHome(opened.authority, pair, { ...order, dryRun: true })
    if (judged !== null && !judged.ok) return keyRefusalOutcome(judged.no)
    const imported = await importTrust(opened.authority, incoming, order)
    if (!imported.ok) return keyRefusalOutcome(imported.no)
    await leaveDevelopmentRoot(opened, order)
    const { certified } = imported.value
    const home = pair === null ? null : await bringHome(opened.authority, pair, order, certified)
    if (home !== null && !home.ok) return keyRefusalOutcome(home.no)
    return outcomeOf(imported.value, home?.value ?? null, files.length > 0, order)
  })
}

/** How many manifests lie beside the database; none where they cannot be read, which is no reason to take in nothing. */
async function publishedBy(shell: Shell): Promise<number> {
  try {
    return (await shell.pinnedManifests())?.length ?? 0
  } catch (thrown) {
    if (thrown instanceof Unreadable) return 0
    throw thrown
  }
}

/** Certificates and manifests of files, told apart by how they begin. */
async function readIncoming(shell: Shell, files: readonly string[]): Promise<Omit<Incoming, 'published'>> {
  const manifests: string[] = []
  const certificates: string[] = []
  for (const file of files) {
    const text = await readText(shell, file)
    if (/^\s*[[{]/.test(text)) manifests.push(...manifestTexts(file, text))
    else certificates.push(...certificatesIn(file, text))
  }
  return { manifests, certificates }
}

function certificatesIn(file: string, text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  const words = lines.flatMap((line) => line.split(/\s+/)).filter((word) => word !== '')
  if (words.length > 0 && words.every((word) => /^LK1-/i.test(word))) return words
  throw new Unreadable(`${file} holds neither certificates (LK1-…) nor root manifests (JSON).`)
}

/** What an interrupted import left of a development root that nothing names any more goes, too. */
async function leaveDevelopmentRoot(
  { authority, developmentRoot }: Opened,
  { dryRun }: Order,
): Promise<void> {
  const { keyring } = await authority.configuration.current(authority.ambient.now())
  if (!dryRun && !keyring.developmentRoot) developmentRoot.destroy()
}

function outcomeOf(
  imported: Taken<Imported>,
  home: Taken<Home> | null,
  hasFiles: boolean,
  { dryRun }: Order,
): Outcome {
  const { certified, manifests, revoked, developmentRootLeft } = imported
  const taken = [
    ...manifests.map((version) => `root manifest version ${version}`),
    ...(certified.length > 0 ? [`certificates:\n${grantsText(certified)}`] : []),
    ...revoked.map(
      (kid) => `key ${kid} is revoked by it, and "licet keys revoke ${kid}" sees to its licenses`,
    ),
    ...(developmentRootLeft ? ['the development root is left behind and its private part destroyed'] : []),
  ]
  const files = toldAs(dryRun, imported.changed, {
    done: `Imported: ${taken.join('; ')}.`,
    already: 'Everything in the files was here already.',
  })
  const lines = [...(hasFiles ? [files] : []), ...(home === null ? [] : [homeText(home, dryRun)])]
  const json = {
    certified: certified.map(shownGrant),
    manifests,
    revoked,
    developmentRootLeft,
    broughtHome: home?.kid ?? null,
    changed: imported.changed || (home?.changed ?? false),
    dryRun,
  }
  return done(json, lines.join('\n'))
}

function homeText({ kid, usage, obstacle, changed }: Taken<Home>, dryRun: boolean): string {
  const [lets, but] =
    obstacle === null
      ? [`; "licet keys promote ${kid}" lets it sign.`, '']
      : ['.', ` ${keySentence(obstacle)}`]
  return toldAs(dryRun, changed, {
    done: `The private part of spare ${kid} (${usage}) is here now, sealed${lets}${but}`,
    already: `The private part of key ${kid} was here already.${but}`,
  })
}
