import type { Command } from 'commander'
import type { Snapshot } from '../authority/configuration.ts'
import { rfc3339 } from '../authority/view.ts'
import { daysLeft, type KnownKey } from '../domain/keyring.ts'
import type { Seconds } from '../domain/time.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { NOTHING, table } from './table.ts'

/** `licet keys list`: the signing keys, without their private parts. */
export function addKeysCommands(licet: Command, { shell, runs }: Program): void {
  const keys = licet.command('keys').description('The keys that sign license codes and statements')
  command(keys, 'list', 'Show the signing keys and how long they may still sign', 'keys list --json').action(
    runs(() => withAuthority(shell, async ({ ambient }, snapshot) => list(snapshot, ambient.now()))),
  )
}

function list({ keyring }: Snapshot, now: Seconds): Outcome {
  const items = keyring.known.map((key) => shown(key, now))
  const rows = items.map(({ kid, usage, status, windows, daysLeft }) => {
    const window = windows.map(({ from, to }) => `${from} to ${to}`).join(', ')
    return [
      kid,
      usage,
      status,
      window || 'waits for its certificate',
      windows.length > 0 ? `${daysLeft}` : NOTHING,
    ]
  })
  const text = table(['KEY', 'USAGE', 'STATUS', 'ISSUING WINDOW', 'DAYS LEFT'], rows)
  const { developmentRoot, rootVersion } = keyring
  const root = developmentRoot
    ? 'a development root, whose private key lies on this machine'
    : 'a root that lies elsewhere'
  return done(
    { items, rootVersion, developmentRoot },
    `${text}\n\nCertified by ${root}; root manifest version ${rootVersion}.`,
  )
}

function shown(key: KnownKey, now: Seconds) {
  const { kid, usage, status, certificates } = key
  const windows = certificates.map(({ from, to }) => ({ from: rfc3339(from), to: rfc3339(to) }))
  return { kid, usage, status, windows, daysLeft: Math.floor(daysLeft(key, now)) }
}
