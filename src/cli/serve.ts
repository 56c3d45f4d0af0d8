import type { Command } from 'commander'
import { initRefused, madeText } from './init.ts'
import type { Outcome } from './output.ts'
import { command, type Program } from './program.ts'
import type { Shell } from './shell.ts'

/** `licet serve`, and `start` for `npm start`: init if absent, then serve. Both log JSON lines on standard error. */
export function addServeCommands(licet: Command, { shell, runs }: Program): void {
  command(licet, 'serve', 'Serve callbacks, validation and keys over HTTP until stopped', 'serve').action(
    runs(() => serve(shell)),
  )
  licet
    .command('start', { hidden: true })
    .option('--json', 'print one JSON document on standard output')
    .action(runs(() => start(shell)))
}

async function start(shell: Shell): Promise<Outcome> {
  const made = await shell.init(null)
  if (made.ok) shell.err(`${madeText(made.value)}\n\n`)
  else if (made.no.reason !== 'exists') return initRefused(made.no)
  return serve(shell)
}

const serve = async (shell: Shell): Promise<Outcome> => ({ type: 'ended', exit: await shell.serve() })
