import type { Command } from 'commander'
import type { Check } from './check.ts'
import { diagnose } from './diagnosis.ts'
import type { Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'
import { table } from './table.ts'

/** `licet doctor`: what would make sales fail, what will need somebody soon, and what is well. */
export function addDoctorCommand(licet: Command, { shell, runs }: Program): void {
  command(
    licet,
    'doctor',
    'Check the instance: configuration, database, clock, keys, channels, and what waits for somebody',
    'doctor',
    'doctor --json',
  ).action(runs(() => examine(shell)))
}

/** Exit 1 when something has failed; warnings are no failure. */
async function examine(shell: Shell): Promise<Outcome> {
  let checks: readonly Check[] = []
  try {
    await withAuthority(shell, async (authority, snapshot) => {
      checks = await diagnose(authority, snapshot, shell.builtAt)
      return { type: 'ended', exit: 0 }
    })
  } catch (thrown) {
    // Without an instance nothing further can be looked at.
    checks = [unopened(thrown)]
  }
  const status = worst(checks)
  return {
    type: 'answer',
    exit: status === 'failed' ? 1 : 0,
    json: { status, checks },
    text: table(
      ['', 'CHECK', 'SAYS'],
      checks.map(({ status, check, says }) => [status, check, says]),
    ),
  }
}

function unopened(thrown: unknown): Check {
  const says = thrown instanceof Error ? thrown.message : 'The instance cannot be opened.'
  const isConfiguration = thrown instanceof Error && thrown.name === 'Unreadable'
  return { check: isConfiguration ? 'configuration' : 'database', status: 'failed', says }
}

function worst(checks: readonly Check[]): Check['status'] {
  const has = (status: Check['status']) => checks.some((one) => one.status === status)
  return has('failed') ? 'failed' : has('warning') ? 'warning' : 'ok'
}
