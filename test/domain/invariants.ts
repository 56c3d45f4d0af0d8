import type { Command } from '../../src/domain/commands.ts'
import type { Event } from '../../src/domain/events.ts'
import { evolve } from '../../src/domain/evolve.ts'
import { grant } from '../../src/domain/grant.ts'
import type { License } from '../../src/domain/license.ts'
import { type Step, step } from '../../src/domain/step.ts'
import { endsLater, type PaidUntil, type Seconds } from '../../src/domain/time.ts'

/**
 * The invariants of design 4 that the domain alone can keep. Each looks at one step: the license before, the
 * command, and what came of it. Plain functions without assertions, so that a million steps stay cheap.
 */
interface Taken extends Step {
  readonly before: License | null
  readonly command: Command
  readonly now: Seconds
}

const INVARIANTS: Readonly<Record<string, (taken: Taken) => boolean>> = {
  'the revision grows by exactly one per event, by more at a restore': ({ before, license, events }) => {
    const grown = license.revision - (before?.revision ?? 0)
    return events.some(({ type }) => type === 'restored') ? grown > 1 : grown === events.length
  },
  'every event changes something, or is a re-issue or a restore': ({ before, events }) =>
    everyEventCounts(before, events),
  'without an event nothing but the orders noted differs': ({ before, license, events }) =>
    events.length > 0 || (before !== null && sameMeaning(before, license)),
  'the events alone make the license': ({ before, license, events }) => {
    const replayed = events.reduce<License | null>(evolve, before)
    return replayed !== null && sameMeaning(replayed, license)
  },
  'the end never decreases but by a shortening': ({ before, license, events }) =>
    before === null ||
    !endsLater(endOf(before), endOf(license)) ||
    events.some(({ type }) => type === 'shortened'),
  'released is terminal': ({ before, license, events }) =>
    before?.status !== 'released' || (license.status === 'released' && events.length === 0),
  'a code is granted to an active license alone, with its end ahead': ({ license, now }) => {
    const due = grant(license, now)
    return due === null || (license.status === 'active' && endsLater(due.terms.paidUntil, now))
  },
  'the same command again at once changes nothing, unless it is a re-issue or a restore': ({
    license,
    command,
    now,
  }) => {
    if (command.type === 'reissue' || command.type === 'restore') return true
    const again = step(license, command, now)
    return again.ok && again.value.events.length === 0 && again.value.license === license
  },
  'id and creation never change': ({ before, license }) =>
    before === null || (before.id === license.id && before.createdAt === license.createdAt),
  'the origin never changes, but that an activation may add the order': ({ before, license, command }) =>
    before === null ||
    before.origin === license.origin ||
    (command.type === 'activate' &&
      before.origin.order === null &&
      before.origin.instance === license.origin.instance &&
      license.origin.order?.id === command.order),
  'what is no trial never becomes one': ({ before, license }) =>
    !isTrial(license) || before === null || before.status === 'pending' || isTrial(before),
  'an order once applied stays applied and is named once': ({ before, license }) =>
    (before?.orders ?? []).every((order) => license.orders.includes(order)) &&
    new Set(license.orders).size === license.orders.length,
  'the hand-over floor never falls and never passes the revision': ({ before, license }) =>
    license.handOverFloor >= (before?.handOverFloor ?? 0) && license.handOverFloor <= license.revision,
  'a trial is never perpetual': ({ license }) =>
    license.status === 'pending' || !license.terms?.trial || license.terms.paidUntil !== null,
}

const isTrial = (license: License): boolean => license.status !== 'pending' && license.terms?.trial === true

/** The name of the first invariant that a step breaks, or null. */
export function brokenInvariant(taken: Taken): string | null {
  for (const [name, holds] of Object.entries(INVARIANTS)) {
    if (!holds(taken)) return name
  }
  return null
}

/** What a customer can do with a license: everything but counters, times, the order of its orders and which codes are out. */
export function meaning(license: License): unknown {
  const { revision, handOverFloor, codes, orders, createdAt, ...rest } = license
  return rest
}

export const sameMeaning = (a: License, b: License): boolean =>
  a.status === b.status && JSON.stringify(meaning(a)) === JSON.stringify(meaning(b))

function everyEventCounts(before: License | null, events: readonly Event[]): boolean {
  let license = before
  for (const event of events) {
    const next = evolve(license, event)
    if (
      license !== null &&
      event.type !== 'reissued' &&
      event.type !== 'restored' &&
      sameMeaning(license, next)
    )
      return false
    license = next
  }
  return true
}

/** The end as far as known; a pending license has none yet, so nothing can be said to have decreased. */
function endOf(license: License): PaidUntil {
  if (license.status === 'pending') return Number.NEGATIVE_INFINITY
  return license.terms === null ? Number.NEGATIVE_INFINITY : license.terms.paidUntil
}
