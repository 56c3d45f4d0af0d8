import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { CallTrouble } from '../authority/outgoing/calls.ts'
import { openProof } from '../authority/outgoing/proof.ts'
import { type ReadinessReason, readiness } from '../authority/readiness.ts'
import { rfc3339 } from '../authority/view.ts'
import { daysLeft } from '../domain/keyring.ts'
import type { Seconds } from '../domain/time.ts'
import { channelCheck } from './channel-check.ts'
import { type Check, failed, ok, warning } from './check.ts'

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
    ...(await channelChecks(authority, snapshot, troubles)),
    parkedCheck(await authority.store.parkedCount()),
    deadCheck(troubles),
  ]
}

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

async function channelChecks(
  authority: Authority,
  { channels }: Snapshot,
  troubles: readonly CallTrouble[],
): Promise<readonly Check[]> {
  if (channels.size === 0) return [warning('channels', 'There is none; "licet channel add" adds one.')]
  const checks: Check[] = []
  for (const stored of await authority.store.channels()) {
    const channel = channels.get(stored.name)
    if (channel === undefined) continue
    const own = troubles.filter((trouble) => trouble.channel === stored.name)
    checks.push(
      channelCheck({ channel, stored, troubles: own, proof: await openProof(authority, stored.name) }),
    )
  }
  return checks
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
