import type { LicenseId } from './ids.ts'
import type { Entitlement, Origin, Terms } from './license.ts'
import type { PaidUntil, Seconds } from './time.ts'

/**
 * Everything that can be asked of a license. Callbacks, the command line and the scheduler send the same
 * commands; there is no second path. Ends are absolute, so a repeat cannot extend twice.
 */
export type Command =
  | Issue
  | Meet
  | Activate
  | Renew
  | Shorten
  | Change
  | Freeze
  | Reinstate
  | Release
  | Reissue
  | Restore

/** A sale with known terms. On an existing license it changes nothing: the first answer stands. */
export interface Issue {
  readonly type: 'issue'
  readonly id: LicenseId
  readonly origin: Origin
  readonly terms: Terms
}

/** A marketplace code met before its terms are known; makes a pending license. */
export interface Meet {
  readonly type: 'meet'
  readonly id: LicenseId
  readonly origin: Origin
}

/** The terms of a pending license became known. `order` is the purchase's, where it is known. */
export interface Activate {
  readonly type: 'activate'
  readonly order?: string
  readonly terms: Terms
}

/**
 * `order` is null for the seller's own extension. An end that is not later than the current moves nothing.
 * `formal` ends a trial, whatever the end; left out is false.
 */
export interface Renew {
  readonly type: 'renew'
  readonly order: string | null
  readonly paidUntil: PaidUntil
  readonly formal?: boolean
}

/** The only way an end moves earlier (退续费). */
export interface Shorten {
  readonly type: 'shorten'
  readonly order: string | null
  readonly paidUntil: Seconds
  /** The renewal it takes back, where the marketplace names that one: it never applies any more. */
  readonly cancels?: string
}

export interface Change {
  readonly type: 'change'
  readonly order: string | null
  readonly entitlement: Entitlement
}

export interface Freeze {
  readonly type: 'freeze'
  readonly cause: FreezeCause
}

/**
 * Who says so. `expiry_call`: the marketplace's expiry callback, a fact. `status_call`: a FREEZE, which is
 * *expired* after the paid end and *violation* before it. `past_grace`: the scheduler, checked again here.
 */
export type FreezeCause = 'expiry_call' | 'status_call' | 'operator' | 'past_grace'

export interface Reinstate {
  readonly type: 'reinstate'
}

export interface Release {
  readonly type: 'release'
}

/** A new code for the same license. `leaked` shuts out holders of every code so far. */
export interface Reissue {
  readonly type: 'reissue'
  readonly leaked: boolean
  /** undefined keeps the device binding, null removes it, a value binds anew. */
  readonly binding?: string | null
}

/** The license was brought back from a backup, which may be older than what was given out (`decide-restore.ts`). */
export interface Restore {
  readonly type: 'restore'
}
