import { no, type Result, yes } from '../../domain/result.ts'
import type { Authority } from '../authority.ts'
import type { KeyChange } from '../key-store.ts'
import type { Actor } from '../ports.ts'
import { type KeysNow, keysNow } from './now.ts'
import type { KeyRefusal } from './refusal.ts'

/** How a step is to be taken: by whom, why, and whether only to say what it would do. */
export interface Order {
  readonly by: Actor
  readonly dryRun: boolean
}

/** What a step decided on the keys as they are. */
export interface Plan<T> {
  /** null when everything is so already. */
  readonly change: Omit<KeyChange, 'by' | 'at'> | null
  /** Keys that sign no more from now on: named in the record, before there is a commit. */
  readonly ending?: readonly string[]
  readonly report: T
}

/** `changed` also of a step that was only to be shown: whether it would have changed anything. */
export type Taken<T> = T & { readonly changed: boolean }

type Decide<T> = (now: KeysNow) => Decided<T> | Promise<Decided<T>>
type Decided<T> = Result<Plan<T>, KeyRefusal>

/**
 * Decides on the keys as they are, and commits. When another hand was quicker it looks again: it is done when there
 * is nothing left to do, and refused as `moved` otherwise, since who decided saw other keys.
 */
export async function takeStep<T>(
  authority: Authority,
  order: Order,
  decide: Decide<T>,
): Promise<Result<Taken<T>, KeyRefusal>> {
  const now = await keysNow(authority)
  const plan = await decide(now)
  if (!plan.ok) return plan
  const { change, ending = [], report } = plan.value
  if (order.dryRun) return yes({ ...report, changed: change !== null })
  const recorded = authority.retiredKeys.all()
  const added = ending.filter((kid) => !recorded.has(kid))
  for (const kid of added) authority.retiredKeys.add(kid)
  if (change === null) return yes({ ...report, changed: false })
  const committed = await authority.store.changeKeys({ ...change, by: order.by, at: now.now })
  authority.configuration.forget()
  if (committed === 'committed') return yes({ ...report, changed: true })
  const again = await lookAgain(authority, decide)
  if (!again.ok && added.length > 0) await withdraw(authority, added, order)
  return again
}

/**
 * Nothing was done: a key that the other hand lets sign goes on signing. The commit, of nothing else, makes running
 * servers look again, which may have seen the record as it was for a moment.
 */
async function withdraw(
  { store, retiredKeys, ambient }: Authority,
  kids: readonly string[],
  { by }: Order,
): Promise<void> {
  for (const kid of kids) retiredKeys.withdraw(kid)
  await store.changeKeys({ events: [], by, at: ambient.now() })
}

async function lookAgain<T>(authority: Authority, decide: Decide<T>): Promise<Result<Taken<T>, KeyRefusal>> {
  const again = await decide(await keysNow(authority))
  if (!again.ok) return again
  const { change, report } = again.value
  return change === null ? yes({ ...report, changed: false }) : no({ reason: 'moved' })
}
