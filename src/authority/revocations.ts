import type { Product } from '../domain/catalog.ts'
import type { NoKey } from '../domain/keyring.ts'
import { isCurrent, type Publication, publicationOf } from '../domain/publication.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { isAhead, type PaidUntil, SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import type { ListState } from './list-store.ts'
import { draftList, type ListTooLong, signList } from './listing.ts'

/** The newest revocation list of each product (contract 1.5). */
export interface RevocationLists {
  /**
   * Throws when the store fails, or when other processes keep giving out lists of the product meanwhile; or when
   * `expired` settles first, so that behind a look that never ends the next who asks has a turn.
   */
  current(product: Product, expired?: Promise<unknown>): Promise<Result<SignedList, NoList>>
}

export interface SignedList {
  /** Compact JWT. */
  readonly text: string
  readonly number: number
  readonly kid: string
}

export type NoList = NoKey | ListTooLong

/** Seconds for which the store is not asked again: a change is seen within two (contract 4). */
const LONGEST_STALENESS = 1

/** Seconds until what could not be given is tried again, when nothing changes before. */
const LOOK_AGAIN: Seconds = 60

interface Kept {
  readonly current: Result<SignedList, NoList>
  readonly generation: number
  readonly changes: number
  /** The newest list given out, by whomever; null when there is none. */
  readonly published: Publication | null
  /** From then on it is made anew although no license changed: an entry runs out then. null = never. */
  readonly until: PaidUntil
  checkedAt: Seconds
}

/**
 * Lists are signed when they have something new to say, not when somebody asks: within a second the one at hand is given,
 * then one row tells whether it still holds. Several processes give the same bytes under the same number, since
 * content, number and time make them; of two that give out a new one at once, one is first.
 */
export function createRevocationLists(authority: Authority): RevocationLists {
  const kept = new Map<number, Kept>()
  const look = async (product: Product): Promise<Result<SignedList, NoList>> => {
    const now = authority.ambient.now()
    const snapshot = await authority.configuration.current(now)
    const before = kept.get(product.id)
    if (before && (await holds(authority, before, snapshot, product, now))) return before.current
    const made = await make(authority, snapshot, product, now)
    kept.set(product.id, made)
    return made.current
  }
  const lookUntil = (product: Product, expired?: Promise<unknown>) =>
    expired === undefined ? look(product) : Promise.race([look(product), expired.then(nobodyWaits)])
  return {
    current: (product, expired) =>
      authority.turns.take(`list\n${product.id}`, () => lookUntil(product, expired)),
  }
}

function nobodyWaits(): never {
  throw new Error('the store did not answer in time')
}

/** Whether what is at hand may be given once more. */
async function holds(
  { store }: Authority,
  kept: Kept,
  { generation }: Snapshot,
  product: Product,
  now: Seconds,
): Promise<boolean> {
  if (kept.generation !== generation) return false
  if (Math.abs(now - kept.checkedAt) < LONGEST_STALENESS) return true
  const { changes, published } = await store.listState(product.id)
  kept.checkedAt = now
  if (kept.changes !== changes || kept.published?.number !== published?.number) return false
  return isAhead(kept.until, now) && (published === null || !kept.current.ok || isCurrent(published, now))
}

async function make(authority: Authority, snapshot: Snapshot, product: Product, now: Seconds): Promise<Kept> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    // The state first: entries that are read after it are at least as new as those of the newest list.
    const state = await authority.store.listState(product.id)
    const made = await give(authority, snapshot, product, state, now)
    if (made !== 'conflict')
      return { ...made, generation: snapshot.generation, changes: state.changes, checkedAt: now }
  }
  throw new Error(`other processes keep giving out the revocation list of product ${product.code}`)
}

async function give(
  authority: Authority,
  snapshot: Snapshot,
  product: Product,
  { published }: ListState,
  now: Seconds,
): Promise<Pick<Kept, 'current' | 'published' | 'until'> | 'conflict'> {
  const draft = await draftList(authority, snapshot, product, now)
  if (!draft.ok) return without(authority, draft.no, published, now)
  const publication = publicationOf(published, draft.value.digest, now)
  const text = await signList(draft.value, publication)
  if (!text.ok) return without(authority, text.no, published, now)
  if (publication !== published) {
    const done = await authority.store.publishList(product.id, published, publication)
    if (done === 'conflict') return done
  }
  const signed = { text: text.value, number: publication.number, kid: draft.value.key.kid }
  return { current: yes(signed), published: publication, until: draft.value.until }
}

/** A list that is too long is an alert, once a day while somebody asks for it; a missing key is for readiness to report. */
async function without(
  { store, log }: Authority,
  evidence: NoList,
  published: Publication | null,
  at: Seconds,
): Promise<Pick<Kept, 'current' | 'published' | 'until'>> {
  if (evidence.reason === 'list_too_long') {
    const { product } = evidence
    log.error('list_too_long', { product })
    const key = `list_too_long:${product}:${Math.floor(at / SECONDS_PER_DAY)}`
    await store.queueAlert({ kind: 'list_too_long', key, detail: { product }, at })
  }
  return { current: no(evidence), published, until: at + LOOK_AGAIN }
}
