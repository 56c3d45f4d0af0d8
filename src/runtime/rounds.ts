import type { Authority } from '../authority/authority.ts'
import { createDelivery } from '../authority/outgoing/deliver.ts'
import { sweep } from '../authority/sweep.ts'
import type { Seconds } from '../domain/time.ts'
import { sendAlerts } from './alerts.ts'
import { heldLease, newHolder } from './held-lease.ts'
import { type Repeating, repeat } from './repeat.ts'
import { createTransport } from './transport.ts'

/** Milliseconds between two rounds of the scheduler, of the alerts, and of the calls to marketplaces. */
const SWEEP_EVERY = 5_000
const ALERTS_EVERY = 1_000
const OUTGOING_EVERY = 1_000

/**
 * One of several processes does the work of a lease. It asks for more time every three seconds, three times before
 * the lease runs out, so that another takes over within 15 s of its death, whatever its clock said. A clock
 * that is ahead by more than nine seconds takes the lease from one that lives, and then keeps it: for one heartbeat both
 * work, which costs double reading and does nothing twice (`Leases`).
 */
const LEASE: Seconds = 12
const HEARTBEAT = 3_000

/**
 * What goes on without being asked: the scheduler, the delivery of alerts and the calls to marketplaces, each in one
 * process at a time.
 */
export function startRounds(authority: Authority, alertUrl: string | null): Repeating {
  const holder = newHolder(authority.ambient)
  const stopping = new AbortController()
  const alerts = () => sendAlerts(authority, alertUrl, stopping.signal)
  const delivery = createDelivery(authority, createTransport(), taskFailed(authority, 'outgoing'), {
    stopping: stopping.signal,
  })
  const rounds = [
    inOneProcess(authority, holder, 'scheduler', SWEEP_EVERY, () => sweep(authority)),
    inOneProcess(authority, holder, 'alerts', ALERTS_EVERY, alerts),
    inOneProcess(authority, holder, 'outgoing', OUTGOING_EVERY, delivery.begin),
  ]
  return {
    async stop() {
      stopping.abort()
      await Promise.all(rounds.map((one) => one.stop()))
      await delivery.ended()
    },
  }
}

const taskFailed =
  ({ log }: Pick<Authority, 'log'>, task: string) =>
  (thrown: unknown) =>
    log.error('task_failed', { task, error: thrown instanceof Error ? thrown.message : 'unknown' })

function inOneProcess(
  { store, ambient, log }: Authority,
  holder: string,
  task: string,
  pause: number,
  work: () => Promise<unknown>,
): Repeating {
  const lease = heldLease(store, ambient, { name: task, holder, seconds: LEASE })
  const failed = taskFailed({ log }, task)
  async function renew(): Promise<void> {
    const before = lease.isHeld()
    await lease.renew()
    if (lease.isHeld() !== before) log.info(before ? 'lease_lost' : 'lease_taken', { task })
  }
  const renewing = repeat(HEARTBEAT, renew, failed, 0)
  const working = repeat(pause, async () => lease.isHeld() && work(), failed)
  return {
    async stop() {
      await working.stop()
      await renewing.stop()
      if (lease.isHeld()) await lease.giveBack().catch(failed)
    },
  }
}
