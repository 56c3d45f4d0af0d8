import type { Authority } from '../authority.ts'
import type { Batch, Committed } from '../ports.ts'
import type { QueuedCall } from './calls.ts'
import type { Learnt, OutgoingCall, OutgoingType } from './port.ts'

/** A call that succeeded, opened. */
export interface MadeCall<T extends OutgoingType> {
  readonly queued: QueuedCall
  readonly call: Extract<OutgoingCall, { readonly type: T }>
}

type LearntBy = {
  readonly query_order: 'order'
  readonly activate_code: 'code'
  readonly activate_codes: 'done'
  readonly query_code: 'code'
  readonly upload_license: 'done'
  readonly report_software_usage: 'done'
  readonly push_usage: 'done'
}

export type LearntOf<T extends OutgoingType> = Extract<Learnt, { readonly type: LearntBy[T] }>

/**
 * `settled`: the call is done, by this process or by another. `again`: its answer cannot be used yet, for a reason in
 * a word of ours; it is made again later, as one that failed.
 */
export type Settled = { readonly type: 'settled' } | { readonly type: 'again'; readonly why: string }

/**
 * What follows from an answer. It commits all of that with `commitSettled`, so that it happens once although calls are
 * made at least once; when it throws, the call is made again.
 */
export type Settling<T extends OutgoingType> = (
  authority: Authority,
  made: MadeCall<T>,
  learnt: LearntOf<T>,
) => Promise<Settled>

/**
 * Commits a batch with the end of the call it follows from. `conflict` also when another process has ended the call or
 * begun to make it again: look at the call before deciding again.
 */
export const commitSettled = (
  { store, ambient }: Pick<Authority, 'store' | 'ambient'>,
  { id, attempts }: Pick<QueuedCall, 'id' | 'attempts'>,
  batch: Batch,
): Promise<Committed> =>
  store.commit({ ...batch, ending: { id, attempts, state: 'done', error: null, at: ambient.now() } })

/** For a call from which nothing follows. */
export async function settleNothing(
  authority: Authority,
  { queued }: Pick<MadeCall<OutgoingType>, 'queued'>,
): Promise<Settled> {
  // A conflict: whoever makes it again settles it.
  await commitSettled(authority, queued, {})
  return { type: 'settled' }
}
