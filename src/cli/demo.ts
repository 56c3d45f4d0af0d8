import type { Command } from 'commander'
import { command, type Program } from './program.ts'

/** `licet demo`; the story itself needs a whole instance and is told by the composition. */
export function addDemoCommand(licet: Command, { shell, runs }: Program): void {
  command(
    licet,
    'demo',
    'Tell the story of a license on a throw-away instance, over real HTTP',
    'demo',
  ).action(
    runs(async ({ json }: { json?: boolean }) => ({ type: 'ended', exit: await shell.demo(json ?? false) })),
  )
}
