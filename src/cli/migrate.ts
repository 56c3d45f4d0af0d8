import type { Command } from 'commander'
import type { MigrationPlan, MigrationReport, MigrationStep } from './migrating.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'

interface Given {
  readonly plan?: boolean
  readonly apply?: boolean
}

/** `licet migrate`: brings the schema of the database up to this program's. */
export function addMigrateCommand(licet: Command, { shell, runs }: Program): void {
  command(
    licet,
    'migrate',
    "Bring the database's schema up to this program's; back it up first",
    'migrate --plan',
    'migrate --apply',
  )
    .option('--plan', 'say what would be done, and change nothing')
    .option('--apply', 'do it')
    .action(
      runs(async ({ plan = false, apply = false }: Given) => {
        if (plan === apply) throw new Unreadable('Give either --plan or --apply.')
        return apply ? applied(shell) : planned(await shell.migrating.plan())
      }),
    )
}

function planned(plan: MigrationPlan): Outcome {
  const { database, version, target, steps } = plan
  const head = `The database ${database} has schema version ${version}; this program's is ${target}.`
  if (steps.length === 0) return done(plan, `${head}\nThere is nothing to do.`)
  const text = [
    head,
    'To be done, each step in a transaction of its own:',
    ...steps.map(stepText),
    'Back up the database first; then run: npx licet migrate --apply',
  ]
  return done(plan, text.join('\n'))
}

function stepText({ version, name, meaning, stopsServers, rows }: MigrationStep): string {
  const counts = Object.entries(rows).map(([table, count]) => `${table} (${count} rows)`)
  return [
    `  ${version} ${name}: ${meaning}`,
    ...(counts.length === 0 ? [] : [`    changes ${counts.join(', ')}`]),
    `    ${stopsServers ? 'stop licet serve first' : 'licet serve may go on meanwhile'}`,
  ].join('\n')
}

async function applied(shell: Shell): Promise<Outcome> {
  const made = await shell.migrating.apply((step) => {
    const rows = Object.values(step.rows).reduce((sum, count) => sum + count, 0)
    shell.err(`Bringing the schema to version ${step.version} (${rows} rows in what it changes) …\n`)
  })
  if (made.ok) return done(made.value, appliedText(made.value))
  return refused(
    1,
    made.no.reason,
    'A step changes what a running server writes: stop licet serve first. Nothing was changed.',
  )
}

const appliedText = ({ database, from, version, applied }: MigrationReport): string =>
  applied.length === 0
    ? `The database ${database} has schema version ${version}: there was nothing to do.`
    : `The database ${database} went from schema version ${from} to ${version}. Now start licet serve of this version.`
