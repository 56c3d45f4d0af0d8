import { toHex, utf8 } from '../../format/bytes.ts'
import type { Authority } from '../authority.ts'
import type { CallEntry, OutgoingOrder, QueuedCall } from './calls.ts'
import type { DialectOutcome } from './dialect.ts'
import { outgoingPurpose } from './new-call.ts'
import type { Settled } from './settle.ts'

/** Names the proof among the calls of its channel; the keys of all others of its type hold a tab. */
const PROOF_KEY = 'credentials'

export const isProof = ({ type, key }: Pick<QueuedCall, 'type'> & { readonly key?: string }): boolean =>
  type === 'query_order' && key === PROOF_KEY

/** The same for a channel always: it has one proof at most, which is found without a search. */
const proofId = ({ crypto }: Pick<Authority, 'crypto'>, channel: string): string =>
  toHex(crypto.sha256(utf8(`${PROOF_KEY}\n${channel}`)).subarray(0, 8))

/**
 * Queues the call by which the marketplace shows whether it knows the credentials of a channel, before any sale depends
 * on them. One that waits, or was given up, is made anew with those that are set now. Nothing where there is nothing
 * to call.
 */
export async function proveCredentials(authority: Authority, channel: string): Promise<void> {
  const { store, ambient, marketplaces, sealing } = authority
  const kind = (await store.channels()).find(({ name }) => name === channel)?.kind
  const harmless = kind === undefined ? undefined : marketplaces.get(kind)?.outgoing.harmless
  if (harmless === undefined) return
  const id = proofId(authority, channel)
  const waiting = await store.outgoingCall(id)
  if (waiting?.state === 'dead') return store.reviveCalls([id], ambient.now())
  if (waiting !== null) return
  const proof: OutgoingOrder = {
    id,
    channel,
    type: harmless.type,
    key: PROOF_KEY,
    sealed: sealing.seal(outgoingPurpose(id), utf8(JSON.stringify(harmless))),
    at: ambient.now(),
  }
  await store.commit({ outgoing: [proof] })
}

/** The proof of a channel that is not given yet; null: it was, or nobody asked for it. */
export const openProof = (
  authority: Pick<Authority, 'store' | 'crypto'>,
  channel: string,
): Promise<CallEntry | null> => authority.store.outgoingCall(proofId(authority, channel))

/**
 * Who was looked up in the marketplace's books was let in, whatever was found there, also when it cannot be read. What
 * only says that this is no moment for it, or was said before the marketplace, leaves the proof open.
 */
export function outcomeOfProof(outcome: DialectOutcome): DialectOutcome {
  const isProven =
    outcome.type === 'order' ||
    (outcome.type === 'unexplained' && outcome.by === 'marketplace') ||
    (outcome.type === 'unreachable' && outcome.why === 'unknown_answer')
  return isProven ? { type: 'done' } : outcome
}

/** Nothing follows from it, and nothing stays of it: the next credentials are proven in the same way. */
export async function settleProof({ store, ambient }: Authority, queued: QueuedCall): Promise<Settled> {
  const { id, attempts } = queued
  // A conflict: whoever makes it again settles it.
  await store.commit({ ending: { id, attempts, state: 'forgotten', error: null, at: ambient.now() } })
  return { type: 'settled' }
}
