import type { Command } from 'commander'
import type { Exported, ExportRefusal } from '../authority/move/export.ts'
import { rfc3339 } from '../authority/view.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import { progressTeller } from './progress.ts'
import { type Shell, Unreadable } from './shell.ts'

interface Given {
  readonly json?: true
}

/** `licet export` and `licet backup`: the same file (docs/export.md); a backup is never a stream that somebody may cut off. */
export function addExportCommands(licet: Command, { shell, runs }: Program): void {
  command(
    licet,
    'export <file>',
    'Write everything of this instance, of one moment, to a new file, or to standard output for -',
    'export licet.jsonl',
    'export - | gzip > licet.jsonl.gz',
  ).action(runs((file: string, given: Given) => exportTo(shell, file, given)))
  command(
    licet,
    'backup <file>',
    'Write a backup to a new file while licet serve goes on; the master key is not in it',
    'backup backup/2026-11-20.jsonl',
  ).action(
    runs(async (file: string, given: Given) => {
      if (file === '-') throw new Unreadable('A backup goes into a file; "licet export -" writes a stream.')
      return exportTo(shell, file, given)
    }),
  )
}

async function exportTo(shell: Shell, file: string, { json }: Given): Promise<Outcome> {
  if (file === '-' && json)
    throw new Unreadable('Standard output takes the export or the JSON document; give a file.')
  const progress = progressTeller(shell)
  const made = await shell.moves.exportTo(file, progress.tell).finally(progress.end)
  if (!made.ok) return exportRefused(made.no)
  const told = exportedText(file, made.value)
  if (file !== '-') return done({ file, ...made.value }, told)
  shell.err(`${told}\n`)
  return { type: 'ended', exit: 0 }
}

function exportedText(file: string, { rows, bytes, newestEventAt }: Exported): string {
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0)
  const newest = newestEventAt === null ? 'nothing sold yet' : `newest event ${rfc3339(newestEventAt)}`
  return [
    `Wrote ${all} rows, ${bytes} bytes, ${rows.licenses ?? 0} licenses, ${newest}${file === '-' ? '' : `: ${file}`}.`,
    'Private keys in it are sealed: it is of use with the master key alone, which is kept elsewhere.',
  ].join('\n')
}

function exportRefused({ reason }: ExportRefusal): Outcome {
  switch (reason) {
    case 'changed_meanwhile':
      return refused(
        1,
        reason,
        'The database changed while it was read, and this engine cannot hold a moment still: try again at a quieter hour.',
      )
    default:
      return reason satisfies never
  }
}
