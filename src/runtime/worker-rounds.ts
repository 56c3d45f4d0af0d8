import type { Authority } from '../authority/authority.ts'
import { deliverCalls } from '../authority/outgoing/deliver.ts'
import { sweep } from '../authority/sweep.ts'
import type { Seconds } from '../domain/time.ts'
import { type D1Binding, sweepTokens } from '../store/d1/open.ts'
import { sendAlerts } from './alerts.ts'
import { heldLease, newHolder } from './held-lease.ts'
import { createTransport } from './transport.ts'

/** Longer than a round takes, and not much longer: one that was cut off gives nothing back, and is made up for after it. */
const LEASE: Seconds = 120

/**
 * An invocation has six connections under way at once, and what waits for one is timed out unsent: no more calls are
 * begun, and no lane that hangs holds more than one.
 */
export const CALLS_ABREAST = { ofLane: 1, ofAll: 6 }

/**
 * One round of the scheduler, of the alerts and of the calls to marketplaces, at each call of the cron trigger. A round that takes longer than the
 * time to the next keeps it out for a while; two at once read twice and do nothing twice. What fails is logged, and the others are done all the same.
 */
export async function runRound(authority: Authority, d1: D1Binding, alertUrl: string | null): Promise<void> {
  const { store, ambient, log } = authority
  const lease = heldLease(store, ambient, { name: 'cron', holder: newHolder(ambient), seconds: LEASE })
  const tasks = {
    alerts: () => sendAlerts(authority, alertUrl),
    outgoing: () => deliverCalls(authority, createTransport(), { abreast: CALLS_ABREAST }),
    tokens: () => sweepTokens(d1, ambient.now()),
    // Last: with very much to do it uses up all the statements that one invocation has, and the next goes on.
    sweep: () => sweep(authority),
  }
  const failed = (task: string) => (thrown: unknown) =>
    log.error('task_failed', { task, error: thrown instanceof Error ? thrown.message : 'unknown' })
  await lease.renew().catch(failed('lease'))
  if (!lease.isHeld()) return
  for (const [task, work] of Object.entries(tasks)) await work().catch(failed(task))
  await lease.giveBack().catch(failed('lease'))
}
