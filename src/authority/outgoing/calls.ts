import type { Seconds } from '../../domain/time.ts'
import type { Page } from '../ports.ts'
import type { OutgoingType } from './port.ts'

/** A call to be made, as it is queued in a `Batch`. `newOutgoing` makes one. */
export interface OutgoingOrder {
  /** 16 lower-case hex digits. */
  readonly id: string
  readonly channel: string
  readonly type: OutgoingType
  /** Names the occasion: a second call of the same channel, type and key is queued by nobody. */
  readonly key: string
  /** The call as JSON, sealed: it may hold a license text, which is a bearer token. */
  readonly sealed: string
  readonly at: Seconds
  /** A dead call of the same occasion is replaced by this one: the occasion comes back. */
  readonly revives?: true
}

/** A call that waits. `attempts` counts those begun, also the ones that a crash cut off. */
export interface QueuedCall extends OutgoingOrder {
  readonly attempts: number
  readonly due: Seconds
}

/** `waiting` for its next try; `done`; `dead`: given up, until somebody says `retry`. */
export type CallState = 'waiting' | 'done' | 'dead'

/** What is shown of a call. */
export interface CallEntry extends Omit<QueuedCall, 'sealed' | 'due'> {
  readonly state: CallState
  /** When it is tried next; null unless it waits. */
  readonly due: Seconds | null
  /** What its last try failed with: a code of the marketplace or a word of ours. null: none failed since. */
  readonly error: string | null
  readonly triedAt: Seconds | null
}

/** How a call ended, in the batch with all that follows from it. */
export interface CallEnding {
  readonly id: string
  /** Of the try that ends it: when another was begun meanwhile, the batch is a conflict. */
  readonly attempts: number
  /**
   * Its sealed text is deleted with `done`, and kept with `dead`. With `forgotten` nothing stays of it: the same may be
   * queued again.
   */
  readonly state: 'done' | 'dead' | 'forgotten'
  readonly error: string | null
  readonly at: Seconds
}

/** Calls of one channel that failed with one error, and are not done. */
export interface CallTrouble {
  readonly channel: string
  readonly error: string
  readonly state: 'waiting' | 'dead'
  readonly count: number
  /** Unix seconds of the newest failure. */
  readonly newest: Seconds
}

/** The calls to marketplaces, kept until they are done. They are queued and ended in a `Batch`. */
export interface Outgoing {
  /**
   * At most `limit` calls of a lane that wait and are due, the longest due first. Costs as much as what it gives, however
   * many wait behind.
   */
  dueCalls(channel: string, type: OutgoingType, now: Seconds, limit: number): Promise<readonly QueuedCall[]>
  /**
   * Called before a call is made: it is due again only at `until`, and one more try is counted. null when another
   * process has claimed, postponed or ended it since it was read.
   */
  claimCall(call: QueuedCall, until: Seconds): Promise<QueuedCall | null>
  /** Nothing when the call was ended, or claimed anew, meanwhile. */
  postponeCall(call: QueuedCall, until: Seconds, error: string, at: Seconds): Promise<void>
  /** Keyset page in the order they were queued; `after` is the `next` of the page before. */
  outgoingCalls(state: CallState | null, after: string | null, limit: number): Promise<Page<CallEntry>>
  /** null when there is no such call. */
  outgoingCall(id: string): Promise<CallEntry | null>
  /** Dead ones become due now, as if they had never been tried; others stay as they are. */
  reviveCalls(ids: readonly string[], now: Seconds): Promise<void>
  /** How many of a channel and type wait, due or not. */
  waitingCalls(channel: string, type: OutgoingType): Promise<number>
  /** What failed and is not done, by channel, error and state. */
  callTroubles(): Promise<readonly CallTrouble[]>
}
