import type { Command } from 'commander'
import type { RootSigner } from '../authority/ceremony/root-signer.ts'
import type { Order } from '../authority/keys/step.ts'
import { collected, word } from './options.ts'
import type { Outcome } from './output.ts'
import { openRootKeys, readRootKeys } from './root-files.ts'
import { type Opened, type Shell, Unreadable } from './shell.ts'

/** What every command that changes keys takes. */
export interface Ordering {
  readonly dryRun?: boolean
  readonly reason?: string
}

export interface Rooting {
  readonly rootKey?: readonly string[]
  readonly passphraseFile?: readonly string[]
}

export function ordered(command: Command): Command {
  return command
    .option('--reason <text>', 'why; kept in the history', word)
    .option('--dry-run', 'say what would change, change nothing')
}

export function rooted(command: Command): Command {
  return command
    .option(
      '--root-key <file>',
      'a sealed root key, in place of the development root; again for a further one',
      collected,
    )
    .option(
      '--passphrase-file <file>',
      'its passphrase, one file for each key; asked for when left out',
      collected,
    )
}

export const orderOf = (shell: Shell, { dryRun = false, reason }: Ordering): Order => ({
  by: { who: `operator:${shell.user}`, reason: reason ?? null },
  dryRun,
})

/** Root keys that are at hand: those of the files, else the development root; none when there is neither. */
export async function rootsAtHand(
  shell: Shell,
  { developmentRoot }: Opened,
  { rootKey = [], passphraseFile = [] }: Rooting,
): Promise<readonly RootSigner[]> {
  if (rootKey.length === 0 && passphraseFile.length > 0)
    throw new Unreadable('--passphrase-file goes with --root-key.')
  if (rootKey.length > 0) return openRootKeys(shell, await readRootKeys(shell, rootKey, passphraseFile))
  const development = developmentRoot.open()
  return development === null ? [] : [development]
}

/** Runs `work` on the instance of the data directory and closes it. */
export async function withOpened(shell: Shell, work: (opened: Opened) => Promise<Outcome>): Promise<Outcome> {
  const opened = await shell.open()
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** How a step is told: what it did, what it would do, or that it was done before. */
export function toldAs(dryRun: boolean, changed: boolean, what: { done: string; already: string }): string {
  if (!changed) return what.already
  return dryRun ? `Would be done: ${what.done} Nothing was changed.` : what.done
}
