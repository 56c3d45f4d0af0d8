import type { LicenseId } from '../domain/ids.ts'
import { SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import { applyParked } from './apply-parked.ts'
import type { Authority } from './authority.ts'
import { inParallel } from './in-parallel.ts'
import { warnOfClosingKeys } from './key-window.ts'
import { operate } from './operate.ts'
import { askAboutCodes } from './reconcile.ts'
import { instanceSubject } from './turns.ts'
import { settleApplications } from './waiting-applications.ts'
import { settleWaiting } from './waiting-orders.ts'

export interface Swept {
  readonly frozen: number
  readonly marks: number
  readonly parkedExpired: number
  readonly ordersSettled: number
  readonly codesAsked: number
  readonly applicationsSettled: number
}

/** Rows handled in one go, so that callbacks get their turn between two. */
const BATCH = 200

/**
 * Licenses frozen at once: they share durable writes. Not more, since a host may allow a round only so many questions
 * to the database (Workers: 50 on the free plan); those of the next are not asked before these have ended.
 */
const IN_FLIGHT = 16

/** A parked call waits this long for its purchase or its offer (security 9, rule 9). */
const PARKED_LIFE: Seconds = 72 * 3_600

const SCHEDULER = { who: 'scheduler', reason: null }

/**
 * One round of the scheduler: freezes what is past grace even if the marketplace never calls, forgets replay
 * marks and leases that have run out, applies what waited for its license or the catalog, reports those that waited too long,
 * warns of keys that will soon sign no more, and asks the marketplace about the codes that it made.
 */
export async function sweep(authority: Authority): Promise<Swept> {
  const now = authority.ambient.now()
  await warnOfClosingKeys(authority, now)
  // Those of processes that were killed; a day, so that no difference of clocks counts.
  await authority.store.sweepLeases(now - SECONDS_PER_DAY)
  return {
    frozen: await freezeDue(authority, now),
    marks: await forgetMarks(authority, now),
    parkedExpired: await settleParked(authority, now),
    ordersSettled: await settleWaiting(authority),
    codesAsked: await askAboutCodes(authority),
    applicationsSettled: await settleApplications(authority),
  }
}

async function freezeDue(authority: Authority, now: Seconds): Promise<number> {
  let frozen = 0
  for (;;) {
    const due = await authority.store.due(now, BATCH)
    let progress = 0
    await inParallel(due, IN_FLIGHT, async (id) => {
      if (await freeze(authority, id)) progress++
    })
    frozen += progress
    // No progress with rows still due: another process is at it, or the database refuses. The next round tries again.
    if (due.length < BATCH || progress === 0) return frozen
  }
}

async function freeze(authority: Authority, id: LicenseId): Promise<boolean> {
  const done = await operate(authority, { id }, { type: 'freeze', cause: 'past_grace' }, SCHEDULER)
  if (!done.ok) authority.log.warn('freeze_failed', { license: id, why: done.no.reason })
  return done.ok && done.value.changed
}

async function forgetMarks(authority: Authority, now: Seconds): Promise<number> {
  let forgotten = 0
  for (;;) {
    const batch = await authority.store.sweepMarks(now, BATCH * 5)
    forgotten += batch
    if (batch < BATCH * 5) return forgotten
  }
}

async function settleParked(authority: Authority, now: Seconds): Promise<number> {
  for (const ref of await authority.store.arrived(BATCH)) {
    const subject = instanceSubject(ref.channel, ref.instance)
    await authority.turns.take(subject, () => applyParked(authority, ref))
  }
  const expired = await authority.store.parked(BATCH, now - PARKED_LIFE)
  for (const call of expired) {
    const detail = {
      channel: call.channel,
      order: call.order ?? '',
      instance: call.instance ?? '',
      why: call.why,
    }
    const alert = {
      kind: 'parked_call_expired',
      key: `parked_call_expired:${call.key}`,
      detail,
      at: now,
    } as const
    await authority.store.commit({ unpark: [call.key], alerts: [alert] })
  }
  return expired.length
}
