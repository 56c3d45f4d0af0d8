import type { Command } from '../domain/commands.ts'
import type { Event } from '../domain/events.ts'
import { grant } from '../domain/grant.ts'
import type { NoKey } from '../domain/keyring.ts'
import type { License } from '../domain/license.ts'
import type { Refusal } from '../domain/refusal.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { step } from '../domain/step.ts'
import type { Seconds } from '../domain/time.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { type Issued, issueCode } from './issue.ts'
import type { Actor, LicenseChange } from './ports.ts'

/** What commands do to a license, decided and signed but not stored; signing costs nothing to undo. */
export interface Resolved {
  readonly license: License
  /** null when there is nothing to store: no event and no order to note. */
  readonly change: LicenseChange | null
  readonly issued: Issued | null
}

export type Unresolved = Refusal | NoKey

/**
 * Applies commands in turn to one license: decide → evolve → grant → sign → verify what was signed.
 * One code at most is issued, for the state the last command leaves. Refuses as the domain does, or with
 * `no_key` when no active key may sign the code that is due.
 */
export async function resolve(
  authority: Authority,
  snapshot: Snapshot,
  before: License | null,
  commands: readonly [Command, ...Command[]],
  by: Actor,
  now: Seconds,
  customer: string | null = null,
): Promise<Result<Resolved, Unresolved>> {
  const events: Event[] = []
  let after: License | null = before
  for (const command of commands) {
    const stepped = step(after, command, now)
    if (!stepped.ok) return stepped
    after = stepped.value.license
    events.push(...stepped.value.events)
  }
  if (after === null) return no({ reason: 'license_unknown' })
  const due = events.length === 0 ? null : grant(after, now)
  const issued = due === null ? null : await issueCode(authority, snapshot.keyring, due, now)
  if (issued !== null && !issued.ok) return issued
  const code = issued?.value.code ?? null
  const idle = events.length === 0 && before !== null && after.orders.length === before.orders.length
  return yes({
    license: after,
    change: idle ? null : { before, after, events, by, code, customer },
    issued: issued?.value ?? null,
  })
}
