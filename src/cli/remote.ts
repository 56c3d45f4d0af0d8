import type { Command } from 'commander'
import { readUtf8 } from '../format/bytes.ts'
import { type Shell, Unreadable } from './shell.ts'

/** What a command does on its own machine and not on a Worker, and how the same is done there. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  serve: 'A Worker serves by itself: "npx wrangler deploy" puts it there, "npx wrangler tail" shows its log.',
  start: 'A Worker serves by itself: "npx wrangler deploy" puts it there, "npx wrangler tail" shows its log.',
  demo: 'The demonstration makes an instance of its own on this machine: leave out --remote.',
  migrate: 'The tables of D1 are made and changed by "npx wrangler d1 migrations apply licet --remote".',
}

interface Given {
  readonly remote?: string
  readonly operatorTokenFile?: string
}

/** `--remote URL` before or behind any command: it works on the instance of that Worker. */
export function addRemoteOptions(licet: Command, shell: Shell): void {
  licet
    .option(
      '--remote <url>',
      'work on the instance of a Worker; the operator token is in LICET_OPERATOR_TOKEN',
    )
    .option('--operator-token-file <file>', 'or the first line of this file')
    .hook('preAction', async (_, action) => {
      const { remote, operatorTokenFile } = licet.opts<Given>()
      if (remote === undefined && operatorTokenFile === undefined) return
      if (remote === undefined) throw new Unreadable('--operator-token-file is for --remote URL alone.')
      const sentence = ELSEWHERE[action.name()]
      if (sentence !== undefined && action.parent === licet) throw new Unreadable(sentence)
      shell.reach(remote, operatorTokenFile === undefined ? null : await tokenIn(shell, operatorTokenFile))
    })
}

async function tokenIn(shell: Shell, file: string): Promise<string> {
  const [first = ''] = (readUtf8(await shell.read(file)) ?? '').split(/\r?\n/)
  return first.trim()
}
