import type { Command } from 'commander'
import { word } from './options.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import type { ResealProgress, ResealRefusal, ResealReport, Shell } from './shell.ts'

interface Given {
  readonly reason?: string
  readonly dryRun?: boolean
}

/** `licet keys reseal`: a new master key. Nobody else may have the instance open. */
export function addResealCommand(keys: Command, { shell, runs }: Program): void {
  command(
    keys,
    'reseal',
    'Seal everything under a new master key; stop licet serve first',
    'keys reseal --reason "an administrator has left"',
    'keys reseal --dry-run',
  )
    .option('--reason <text>', 'why; kept in the history', word)
    .option('--dry-run', 'open everything, count it, change nothing')
    .addHelpText(
      'after',
      '\nWhere LICET_MASTER_KEY gives the key, set it to NEW,OLD first, and to NEW alone afterwards.\n',
    )
    .action(runs((given: Given) => reseal(shell, given)))
}

async function reseal(shell: Shell, { reason = undefined, dryRun = false }: Given): Promise<Outcome> {
  const by = { who: `operator:${shell.user}`, reason: reason ?? null }
  const made = await shell.reseal({ dryRun, by, progress: teller(shell) })
  return made.ok ? told(made.value, dryRun) : resealRefused(made.no)
}

/** Texts between two lines of progress: a few seconds of work. */
const EVERY = 100_000

function teller(shell: Shell): (progress: ResealProgress) => void {
  let next = EVERY
  return (progress) => {
    if (progress === 'compacting') return shell.err('Rewriting the database without what was replaced …\n')
    if (progress.done < next) return
    next += EVERY
    shell.err(`${progress.done} sealed texts looked at …\n`)
  }
}

function told(report: ResealReport, dryRun: boolean): Outcome {
  const { resealed, unreadable, masterKeyFile } = report
  const lost = unreadable.map(({ kind, name }) => `  ${kind} ${name}`)
  const text = [
    dryRun
      ? `Would be sealed anew: ${resealed}; nothing was changed.`
      : `Sealed anew: ${resealed}; nothing here opens under the old key any more.`,
    ...(lost.length === 0 ? [] : ['Under neither key, and left as it was:', ...lost]),
    ...(dryRun ? [] : ['', ...nextSteps(masterKeyFile)]),
  ].join('\n')
  return { ...done({ dryRun, ...report }, text), exit: lost.length === 0 ? 0 : 1 } as Outcome
}

function nextSteps(masterKeyFile: string | null): readonly string[] {
  const keep =
    masterKeyFile === null
      ? 'Set LICET_MASTER_KEY to the new key alone.'
      : `The new master key lies in ${masterKeyFile}: back it up, apart from the database.`
  return [
    keep,
    'Back up the database now. A backup from before opens under the old key alone: keep that key as long as such a backup.',
  ]
}

export function resealRefused(no: ResealRefusal): Outcome {
  const { reason } = no
  switch (reason) {
    case 'in_use':
      return refused(
        1,
        reason,
        'The instance is open in another process: stop licet serve first. Nothing was changed.',
        'With the database on another machine, a process that was killed counts for one minute more.',
      )
    case 'one_key_in_environment':
      return refused(
        2,
        reason,
        'LICET_MASTER_KEY gives the master key: set it to NEW,OLD for the change, each 43 characters of base64url. Nothing was changed.',
      )
    default:
      return no satisfies never
  }
}
