import type { Command } from 'commander'
import type { KeyHistoryEntry } from '../authority/key-store.ts'
import { rfc3339 } from '../authority/view.ts'
import { keyRefusalOutcome } from './keys-refusals.ts'
import { keyNames } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'
import { NOTHING, table } from './table.ts'

/** `licet keys history`: what happened to keys and roots, who did it, and why. */
export function addKeyHistoryCommand(keys: Command, { shell, runs }: Program): void {
  command(
    keys,
    'history [kid]',
    'Show what happened to the keys and the root, oldest first: who did it and why',
    'keys history',
    'keys history 0a1b2c3d --json',
  ).action(runs((kid: string | undefined) => history(shell, kid)))
}

function history(shell: Shell, name: string | undefined): Promise<Outcome> {
  const [kid] = keyNames(name === undefined ? [] : [name])
  return withAuthority(shell, async ({ store }, { keyring }) => {
    if (kid !== undefined && !keyring.known.some((key) => key.kid === kid))
      return keyRefusalOutcome({ reason: 'key_unknown', kid })
    const items = (await store.keyHistory(kid)).map(shown)
    const rows = items.map(({ at, kid, event, by, reason, facts }) => {
      const details = Object.entries(facts).flatMap(([name, value]) =>
        value === null ? [] : [`${name} ${value}`],
      )
      return [at, kid ?? 'root', event, by, reason ?? NOTHING, details.join(', ')]
    })
    return done({ kid: kid ?? null, items }, table(['AT', 'KEY', 'EVENT', 'BY', 'REASON', 'DETAILS'], rows))
  })
}

function shown({ event, by, at }: KeyHistoryEntry) {
  const { kid, type, detail } = event
  return { at: rfc3339(at), kid, event: type, by: by.who, reason: by.reason, facts: timesIn(detail) }
}

/** Windows and dates are kept as seconds, and shown as everywhere. */
const TIMES: readonly string[] = ['from', 'to', 'compromisedAt']

function timesIn(detail: KeyHistoryEntry['event']['detail']): KeyHistoryEntry['event']['detail'] {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      name,
      TIMES.includes(name) && typeof value === 'number' ? rfc3339(value) : value,
    ]),
  )
}
