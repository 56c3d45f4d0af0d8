import type { Seconds } from '../../domain/time.ts'
import type { Authority } from '../authority.ts'
import type { Snapshot } from '../configuration.ts'
import type { LogDetail } from '../host.ts'
import type { Alert } from '../ports.ts'
import { attempt } from './attempt.ts'
import type { QueuedCall } from './calls.ts'
import { createLane, type Heard, type Lane } from './lane.ts'
import { openOutgoing } from './new-call.ts'
import { createPlaces } from './places.ts'
import type { Learnt, OutgoingCall, OutgoingOutcome } from './port.ts'
import { isProof } from './proof.ts'
import type { Settled } from './settle.ts'
import { SETTLING } from './settling.ts'
import type { Transport, TransportFailure } from './transport.ts'
import { inTurns, laneName, lanesOf, OUTGOING_TYPES } from './turns.ts'
import { MOST_TRIES, waitAfter } from './waiting.ts'

/** Calls that are begun with in one round. */
const BATCH = 40
/** Seconds a call belongs to who claimed it: longer than all its addresses may take and clocks of machines differ. */
const CLAIM = 60

/**
 * Makes the calls that are due, each in its lane. A call that succeeded is settled in one batch with what follows from
 * it; one that failed waits, longer each time; one that is refused for good, or failed `MOST_TRIES` times, is dead, and
 * support is told. Of several processes one makes a call; twice only when it dies, or stands still for longer than its
 * claim, before the call is settled.
 */
export interface Delivery {
  /** Reads what is due and begins with it. Does not wait for its end: what hangs holds up no later round. */
  begin(): Promise<void>
  /** Resolves when nothing is under way. */
  ended(): Promise<void>
}

export interface DeliveryOptions {
  /** After it nothing is begun; calls under way end, and wait for their next try. */
  readonly stopping?: AbortSignal
  /** Calls under way at once, of each lane and of all together. */
  readonly abreast?: { readonly ofLane: number; readonly ofAll: number }
}

/** Where a process may have as many connections as it likes. */
const ABREAST = { ofLane: 4, ofAll: Number.POSITIVE_INFINITY }

/** `failed` is told what is thrown while calls are made, as when the store is out. */
export function createDelivery(
  authority: Authority,
  transport: Transport,
  failed: (thrown: unknown) => void,
  { stopping, abreast = ABREAST }: DeliveryOptions = {},
): Delivery {
  const { store, ambient, configuration } = authority
  const lanes = new Map<string, Lane>()
  const places = createPlaces(abreast.ofAll)
  async function make(call: QueuedCall): Promise<Heard> {
    if (stopping?.aborted) return 'nothing'
    // Another process has set what is to be proven, perhaps in this very second.
    if (isProof(call)) configuration.forget()
    const snapshot = await configuration.current(ambient.now())
    return deliver(authority, snapshot, transport, call, stopping)
  }
  function laneOf(name: string): Lane {
    const lane = lanes.get(name) ?? createLane(abreast.ofLane, (call) => places(() => make(call)), failed)
    lanes.set(name, lane)
    return lane
  }
  const roomOf = (name: string) => laneOf(name).room()
  /** Of each lane by itself; of one without room nothing is read. */
  async function dueOf(channel: string, now: Seconds): Promise<readonly QueuedCall[]> {
    const open = OUTGOING_TYPES.filter((type) => roomOf(laneName(channel, type)) > 0)
    return (await Promise.all(open.map((type) => store.dueCalls(channel, type, now, BATCH)))).flat()
  }
  return {
    async begin() {
      const now = ambient.now()
      const { channels } = await configuration.current(now)
      const due = await Promise.all([...channels.keys()].map((channel) => dueOf(channel, now)))
      for (const { name, calls } of inTurns(lanesOf(due.flat(), roomOf), BATCH)) laneOf(name).take(calls)
    },
    ended: async () => void (await Promise.all([...lanes.values()].map((lane) => lane.ended()))),
  }
}

/** One round by itself, to its end. Throws what was thrown first. */
export async function deliverCalls(
  authority: Authority,
  transport: Transport,
  options?: DeliveryOptions,
): Promise<void> {
  const thrown: unknown[] = []
  const delivery = createDelivery(authority, transport, (one) => void thrown.push(one), options)
  await delivery.begin()
  await delivery.ended()
  if (thrown.length > 0) throw thrown[0]
}

async function deliver(
  authority: Authority,
  snapshot: Snapshot,
  transport: Transport,
  due: QueuedCall,
  stopping: AbortSignal | undefined,
): Promise<Heard> {
  const { store, ambient, sealing, log } = authority
  const queued = await store.claimCall(due, ambient.now() + CLAIM)
  if (queued === null) return 'nothing'
  const call = openOutgoing(sealing, queued)
  if (call === null) {
    await failed(authority, queued, 'call_unreadable', true)
    return 'nothing'
  }
  try {
    const outcome = await attempt(authority, snapshot, transport, queued, call, stopping)
    await conclude(authority, queued, call, outcome)
    return heardOf(outcome)
  } catch (thrown) {
    // The call is due again when its claim has run out; the others go on.
    log.error('outgoing_failed', {
      ...named(queued),
      error: thrown instanceof Error ? thrown.name : 'unknown',
    })
    if (queued.attempts >= MOST_TRIES) await failed(authority, queued, 'failed_here', false)
    return 'nothing'
  }
}

/** Words of the transport for a far side that is not there or says nothing. */
const SILENCES: ReadonlySet<string> = new Set<TransportFailure>(['timeout', 'no_connection', 'cut_off'])

const heardOf = (outcome: OutgoingOutcome): Heard =>
  outcome.type === 'unreachable' && SILENCES.has(outcome.why) ? 'silence' : 'answer'

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
