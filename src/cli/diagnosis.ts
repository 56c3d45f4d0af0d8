import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { Channel } from '../authority/marketplace.ts'
import type { CallTrouble } from '../authority/outgoing/calls.ts'
import { type ReadinessReason, readiness } from '../authority/readiness.ts'
import { rfc3339 } from '../authority/view.ts'
import { daysLeft } from '../domain/keyring.ts'
import type { Seconds } from '../domain/time.ts'

/** One thing that was looked at, and what a person should know of it. */
export interface Check {
  readonly check: string
  readonly status: 'ok' | 'warning' | 'failed'
  readonly says: string
}

/** Of an instance that could be opened: so its configuration, its schema and its master key are right. */
export async function diagnose(
  authority: Authority,
  snapshot: Snapshot,
  builtAt: Seconds,
): Promise<readonly Check[]> {
  const { reasons } = await readiness(authority, builtAt)
  const troubles = await authority.store.callTroubles()
  const now = authority.ambient.now()
  return [
    ok('configuration', 'It is complete, and the master key opens what is sealed.'),
    ...readinessChecks(reasons, now),
    ...keyChecks(snapshot, now),
    ...channelChecks(snapshot, troubles),
    parkedCheck(await authority.store.parkedCount()),
    deadCheck(troubles),
  ]
}

const ok = (check: string, says: string): Check => ({ check, status: 'ok', says })
const warning = (check: string, says: string): Check => ({ check, status: 'warning', says })
const failed = (check: string, says: string): Check => ({ check, status: 'failed', says })

function readinessChecks(reasons: readonly ReadinessReason[], now: Seconds): readonly Check[] {
  const time = rfc3339(now)
  return [
    reasons.includes('database_not_writable')
      ? failed('database', 'It cannot be written: space, rights, lock or connection.')
      : ok('database', 'It can be written, and has the schema of this program.'),
    reasons.includes('clock_behind')
      ? failed('clock', `It is ${time}, before a time that is known to have passed; set the clock.`)
      : ok('clock', `It is ${time}; compare: the marketplace refuses calls that are minutes off.`),
    ...(reasons.includes('no_usable_signing_key')
      ? [failed('keys', 'No key may sign license codes or statements now; see "licet keys list".')]
      : []),
  ]
}

const CLOSING_DAYS = 60

function keyChecks({ keyring }: Snapshot, now: Seconds): readonly Check[] {
  const windows = keyring.known
    .filter(({ status }) => status === 'active')
    .map((key): Check => {
      const days = Math.floor(daysLeft(key, now))
      const check = `key ${key.kid} (${key.usage})`
      if (days >= CLOSING_DAYS) return ok(check, `It may sign for ${days} more days.`)
      const successor = 'Certify and promote a successor; see the runbook.'
      return days > 0
        ? warning(check, `It may sign for ${days} more days. ${successor}`)
        : failed(check, `It may not sign now. ${successor}`)
    })
  const root = warning('root', 'A development root certifies the keys: whoever takes its machine can, too.')
  return keyring.developmentRoot ? [...windows, root] : windows
}

function channelChecks({ channels }: Snapshot, troubles: readonly CallTrouble[]): readonly Check[] {
  if (channels.size === 0) return [warning('channels', 'There is none; "licet channel add" adds one.')]
  return [...channels.values()].map((channel) =>
    channelCheck(
      channel,
      troubles.filter((trouble) => trouble.channel === channel.name),
    ),
  )
}

function channelCheck({ name, openApi }: Channel, troubles: readonly CallTrouble[]): Check {
  const check = `channel ${name}`
  const set = `"licet channel set-open-api ${name}"`
  if (openApi === 'unreadable')
    return failed(check, `Its open-API credentials do not open; give them again: ${set}.`)
  const last = [...troubles].sort((a, b) => b.newest - a.newest)[0]
  const failure = last && `The last failure was ${last.error} at ${rfc3339(last.newest)}`
  if (openApi === null) {
    const says = 'Its marketplace is not called: it has no open-API credentials'
    return failure === undefined ? ok(check, `${says}.`) : failed(check, `${says}, and calls wait; ${set}.`)
  }
  if (failure === undefined)
    return ok(check, `Its marketplace is called at site ${openApi.site}; no call fails.`)
  const refused = troubles.some(({ error }) => error.startsWith('unauthorized '))
  return refused
    ? failed(
        check,
        `The marketplace refuses its credentials (AK, SK). ${failure}; is the clock right? else ${set}.`,
      )
    : warning(check, `${failure}; see "licet outgoing list".`)
}

const parkedCheck = (count: number): Check =>
  count === 0
    ? ok('parked calls', 'None.')
    : warning('parked calls', `${count}; "licet license list --parked" says what each waits for.`)

function deadCheck(troubles: readonly CallTrouble[]): Check {
  const count = troubles.reduce((sum, one) => sum + (one.state === 'dead' ? one.count : 0), 0)
  return count === 0
    ? ok('dead calls', 'None.')
    : warning('dead calls', `${count}; "licet outgoing list --dead", then "licet outgoing retry".`)
}
