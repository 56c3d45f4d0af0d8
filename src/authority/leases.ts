import type { Seconds } from '../domain/time.ts'

/** Who may do something that only one of several processes should do, until when. */
export interface Lease {
  readonly name: string
  /** Names one process. */
  readonly holder: string
  /** By the clock of the holder; the clocks of others may differ by seconds. */
  readonly until: Seconds
}

/**
 * Leases keep processes from doing the same work at the same time, and take over from those that die. They are no
 * lock: a process that stands still does not notice that its lease ran out. Whatever is done under one must be right
 * although two do it.
 */
export interface Leases {
  /** Takes a lease, or renews it. False while somebody else's has not run out at `now`. */
  takeLease(lease: Lease, now: Seconds): Promise<boolean>
  /** Ends a lease; nothing when somebody else has it by now. */
  giveLease(lease: Pick<Lease, 'name' | 'holder'>): Promise<void>
  /** Those that have not run out at `now`, by name. */
  leases(now: Seconds): Promise<readonly Lease[]>
  /** Forgets those that ran out before `now`. */
  sweepLeases(now: Seconds): Promise<void>
}
