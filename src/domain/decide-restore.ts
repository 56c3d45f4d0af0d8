import { type Decision, happened, nothing } from './decision.ts'
import { type License, MAX_REVISION } from './license.ts'
import { no } from './result.ts'
import type { Seconds } from './time.ts'

/**
 * How many changes of one license may have been lost with the database: an hourly change for forty days. Software
 * refuses what has a lower revision than it has met, so a raise too small does harm; one too large costs a part of
 * the 65,535, of which this is the sixty-fifth.
 */
const RAISE = 1_000

/**
 * Raises the revision above any that was given out after the backup, so that no later code, statement or list has
 * one that was used for another state. Nothing on a released license: it could not change any more. Near the last
 * revision half of what is left is kept for the changes to come; `revisions_exhausted` where nothing is left to
 * halve.
 */
export function restore({ status, revision }: License, at: Seconds): Decision {
  if (status === 'released') return nothing
  const raised = Math.min(RAISE, Math.floor((MAX_REVISION - revision) / 2))
  return raised === 0
    ? no({ reason: 'revisions_exhausted', revision })
    : happened({ type: 'restored', raised, at })
}
