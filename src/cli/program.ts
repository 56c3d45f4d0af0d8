import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { Outcome } from './output.ts'
import type { Shell } from './shell.ts'

/** What the file of a noun gets to add its commands. */
export interface Program {
  readonly shell: Shell
  /** Makes a commander action of a handler and keeps how it ended. */
  runs<Given extends readonly unknown[]>(
    handle: (...given: Given) => Promise<Outcome>,
  ): (...given: Given) => Promise<void>
}

/** A command with what every command has: a sentence, `--json`, and examples behind its help. */
export function command(parent: Command, usage: string, summary: string, ...examples: string[]): Command {
  return parent
    .command(usage)
    .description(summary)
    .option('--json', 'print one JSON document on standard output')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ npx licet ${example}\n`).join('')}`)
}

/** Runs `work` on the instance of the data directory, with its configuration as it is now, and closes it. */
export async function withAuthority(
  shell: Shell,
  work: (authority: Authority, snapshot: Snapshot) => Promise<Outcome>,
): Promise<Outcome> {
  const opened = await shell.open()
  try {
    const { authority } = opened
    return await work(authority, await authority.configuration.current(authority.ambient.now()))
  } finally {
    await opened.close()
  }
}
