import type { Command } from 'commander'
import type { Imported } from '../authority/move/import.ts'
import { rfc3339 } from '../authority/view.ts'
import { importRefused, restoreRefused } from './import-refusals.ts'
import type { Restored, RestoredInPlace } from './moves.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program } from './program.ts'
import { progressTeller } from './progress.ts'
import { type Shell, Unreadable } from './shell.ts'

/** `licet import`, to move; `licet restore`, after a loss: it raises every revision above what may have been given out. */
export function addImportCommands(licet: Command, { shell, runs }: Program): void {
  command(
    licet,
    'import <file>',
    'Take an export into an empty database; interrupted, run it again',
    'import licet.jsonl',
    'export - | ssh elsewhere npx licet import -',
  ).action(runs((file: string) => importFrom(shell, file)))
  command(
    licet,
    'restore [file]',
    'Bring a backup back into an empty database, with what a restore needs; interrupted, run it again',
    'restore backup/2026-11-20.jsonl',
    'restore --in-place',
  )
    .option(
      '--in-place',
      'the database was brought back by another tool: do what a restore needs beside that',
    )
    .action(runs((file: string | undefined, given: Given) => restore(shell, file, given)))
}

interface Given {
  readonly inPlace?: true
}

async function importFrom(shell: Shell, file: string): Promise<Outcome> {
  const progress = progressTeller(shell)
  const made = await shell.moves.importFrom(file, progress.tell).finally(progress.end)
  if (!made.ok) return importRefused(made.no, file, 'import')
  return done(documentOf(made.value), `${importedText(made.value)}\nThe database may be served now.`)
}

async function restore(shell: Shell, file: string | undefined, { inPlace }: Given): Promise<Outcome> {
  if ((file === undefined) !== (inPlace === true))
    throw new Unreadable('Give the file of a backup, or --in-place for a database that is back already.')
  const progress = progressTeller(shell)
  const by = { who: `operator:${shell.user}`, reason: null }
  if (file === undefined) {
    const made = await shell.moves.restoreInPlace(by, progress.tell).finally(progress.end)
    return made.ok ? restored(made.value, null, []) : restoreRefused(made.no)
  }
  const made = await shell.moves.restoreFrom(file, by, progress.tell).finally(progress.end)
  if (!made.ok) return importRefused(made.no, file, 'restore')
  const { imported } = made.value
  const takenIn = imported === null ? goneOnText(file) : importedText(imported)
  return restored(made.value, imported, [takenIn])
}

const goneOnText = (file: string): string =>
  `Went on with the restore that was under way, whose rows are there already; ${file} was not read.`

function restored(
  value: RestoredInPlace | Restored,
  imported: Imported | null,
  takenIn: readonly string[],
): Outcome {
  const { raised, exhausted, isBehindManifests } = value
  const text = [
    ...takenIn,
    `Raised the revision of ${raised} licenses above what may have been given out since.`,
    ...exhausted.map((id) => `  ${id} is near revision 65535 and was not raised: issue a new license.`),
    ...(isBehindManifests
      ? ['root-manifests.json knows more than the backup: run "licet keys import" on it, before licet serve.']
      : []),
    'What was sold and changed since the backup is not here: see docs/operations.md, "Restore from a backup".',
  ].join('\n')
  const json = { ...(imported && documentOf(imported)), raised, exhausted, isBehindManifests }
  return { type: 'answer', exit: exhausted.length === 0 ? 0 : 1, json, text }
}

const documentOf = ({ header, rows, resumedAt }: Imported) => ({
  rows,
  resumedAt,
  madeAt: rfc3339(header.madeAt),
  newestEventAt: header.newestEventAt === null ? null : rfc3339(header.newestEventAt),
})

function importedText({ header, rows, resumedAt }: Imported): string {
  const resumed = resumedAt === 0 ? '' : `, ${resumedAt} of them before it was interrupted`
  return `Took in ${rows} rows${resumed}, as they were on ${rfc3339(header.madeAt)}.`
}
