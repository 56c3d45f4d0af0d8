import type { Authority } from '../authority.ts'
import type { Snapshot } from '../configuration.ts'
import type { LogDetail } from '../host.ts'
import { inParallel } from '../in-parallel.ts'
import type { Alert } from '../ports.ts'
import { attempt } from './attempt.ts'
import type { QueuedCall } from './calls.ts'
import { openOutgoing } from './new-call.ts'
import type { Learnt, OutgoingCall, OutgoingOutcome } from './port.ts'
import type { Settled } from './settle.ts'
import { SETTLING } from './settling.ts'
import type { Transport } from './transport.ts'
import { MOST_TRIES, waitAfter } from './waiting.ts'

/** Calls of one round, and how many of them are under way at once. */
const BATCH = 40
const IN_FLIGHT = 8
/** Seconds a call belongs to who claimed it: longer than all its addresses may take and clocks of machines differ. */
const CLAIM = 60

/**
 * One round: makes the calls that are due. A call that succeeded is settled in one batch with what follows from it; one
 * that failed waits, longer each time; one that is refused for good, or failed `MOST_TRIES` times, is dead, and support
 * is told. Of several processes one makes a call; twice only when it dies, or stands still for longer than its claim,
 * before the call is settled. `stopping` ends the round: calls under way wait for their next try.
 */
export async function deliverCalls(
  authority: Authority,
  transport: Transport,
  stopping?: AbortSignal,
): Promise<void> {
  const { store, ambient, configuration } = authority
  const due = await store.dueCalls(ambient.now(), BATCH)
  if (due.length === 0) return
  const snapshot = await configuration.current(ambient.now())
  await inParallel(due, IN_FLIGHT, async (call) => {
    if (!stopping?.aborted) await deliver(authority, snapshot, transport, call, stopping)
  })
}

async function deliver(
  authority: Authority,
  snapshot: Snapshot,
  transport: Transport,
  due: QueuedCall,
  stopping: AbortSignal | undefined,
): Promise<void> {
  const { store, ambient, sealing, log } = authority
  const queued = await store.claimCall(due, ambient.now() + CLAIM)
  if (queued === null) return
  const call = openOutgoing(sealing, queued)
  if (call === null) return failed(authority, queued, 'call_unreadable', true)
  try {
    const outcome = await attempt(authority, snapshot, transport, queued, call, stopping)
    await conclude(authority, queued, call, outcome)
  } catch (thrown) {
    // The call is due again when its claim has run out; the others go on.
    log.error('outgoing_failed', {
      ...named(queued),
      error: thrown instanceof Error ? thrown.name : 'unknown',
    })
    if (queued.attempts >= MOST_TRIES) await failed(authority, queued, 'failed_here', false)
  }
}

async function conclude(
  authority: Authority,
  queued: QueuedCall,
  call: OutgoingCall,
  outcome: OutgoingOutcome,
): Promise<void> {
  switch (outcome.type) {
    case 'order':
    case 'code':
    case 'done': {
      const settled = await settle(authority, queued, call, outcome)
      if (settled.type === 'again') return failed(authority, queued, settled.why, true)
      return authority.log.info('outgoing_done', named(queued))
    }
    case 'refused':
      return failed(authority, queued, outcome.code, outcome.retry)
    case 'unauthorized':
      return failed(authority, queued, `unauthorized ${outcome.code}`, true)
    case 'unreachable':
      return failed(authority, queued, outcome.why, true)
    default:
      return outcome satisfies never
  }
}

/** The table is right for each type alone, which cannot be said for whichever it is. */
const settle = (
  authority: Authority,
  queued: QueuedCall,
  call: OutgoingCall,
  learnt: Learnt,
): Promise<Settled> => SETTLING[call.type](authority, { queued, call } as never, learnt as never)

async function failed(
  authority: Authority,
  queued: QueuedCall,
  error: string,
  mayPass: boolean,
): Promise<void> {
  const { store, ambient, log } = authority
  const { id, attempts } = queued
  const now = ambient.now()
  if (mayPass && attempts < MOST_TRIES) {
    const wait = waitAfter(attempts, ambient)
    log.warn('outgoing_postponed', { ...named(queued), error, retryInSeconds: wait })
    return store.postponeCall(queued, now + wait, error, now)
  }
  const ending = { id, attempts, state: 'dead', error, at: now } as const
  const committed = await store.commit({ ending, alerts: [deadAlert(queued, error, now)] })
  if (committed === 'committed') log.error('outgoing_dead', { ...named(queued), error })
}

function deadAlert({ id, channel, type }: QueuedCall, error: string, at: number): Alert {
  return { kind: 'outgoing_dead', key: `outgoing_dead:${id}:${at}`, at, detail: { id, channel, type, error } }
}

const named = ({ id, channel, type, attempts }: QueuedCall): LogDetail => ({ id, channel, type, attempts })
