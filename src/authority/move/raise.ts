import type { LicenseId } from '../../domain/ids.ts'
import type { License } from '../../domain/license.ts'
import { step } from '../../domain/step.ts'
import type { Seconds } from '../../domain/time.ts'
import { inParallel } from '../in-parallel.ts'
import type { Actor, Store } from '../ports.ts'

export interface Raised {
  readonly raised: number
  /** Near the last revision: there was nothing left to raise by. */
  readonly exhausted: readonly LicenseId[]
}

/** When a restore happens: after everything that is in the database, also where the clock is behind it. */
export const momentOf = (now: Seconds, newestEventAt: Seconds | null): Seconds =>
  newestEventAt === null ? now : Math.max(now, newestEventAt + 1)

/** Licenses of one read. */
const PAGE = 1_024

/** Changes on their way at once: they share durable writes. */
const IN_FLIGHT = 256

/**
 * Raises the revision of every license that is not released above any that may have been given out and was lost
 * (`restore` of the domain), one event each. It can be interrupted anywhere and run again with the same `since`: a
 * license that was raised since is left alone. Nobody else may write meanwhile. Throws on an outage.
 */
export async function raiseAll(
  store: Store,
  since: Seconds,
  by: Actor,
  progress: (done: number) => void,
): Promise<Raised> {
  const moving = store.moving()
  const exhausted: LicenseId[] = []
  let raised = 0
  let after: LicenseId | null = null
  for (;;) {
    const page: readonly License[] = await moving.unraised(since, after, PAGE)
    await inParallel(page, IN_FLIGHT, async (license) => {
      if (await raise(store, license, since, by)) raised++
      else exhausted.push(license.id)
    })
    progress(raised + exhausted.length)
    if (page.length < PAGE) return { raised, exhausted: exhausted.sort() }
    after = page.at(-1)!.id
  }
}

/** False where the license has no revision left for it. No code is signed: those that were sold stay as they are. */
async function raise(store: Store, before: License, since: Seconds, by: Actor): Promise<boolean> {
  const stepped = step(before, { type: 'restore' }, since)
  if (!stepped.ok) return false
  const { license: after, events } = stepped.value
  const change = { before, after, events, by, code: null, customer: null }
  if ((await store.commit({ change })) === 'committed') return true
  throw new Error(
    `license ${before.id} was changed during the restore; run it again while nobody else writes`,
  )
}
