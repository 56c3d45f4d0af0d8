import type { LicenseId, OrderRef } from './ids.ts'
import type { PaidUntil, Seconds } from './time.ts'

/**
 * A license: the right a customer holds (许可). Each status has its own shape, so that what cannot be
 * cannot be written. *Expired* and *in grace* are never stored: `standing.ts` derives them from the clock.
 */
export type License = PendingLicense | ActiveLicense | FrozenLicense | ReleasedLicense

/** Known to exist, terms unknown: a License 2.0 code met first in a callback. */
export interface PendingLicense extends Common {
  readonly status: 'pending'
  /** What arrived before the terms did, kept for the activation. */
  readonly held: HeldTerms
  /** Set when a freeze came before the activation: it becomes frozen, not active. */
  readonly mark: FreezeReason | null
}

export interface ActiveLicense extends Common {
  readonly status: 'active'
  readonly terms: Terms
}

export interface FrozenLicense extends Common {
  readonly status: 'frozen'
  readonly terms: Terms
  readonly reason: FreezeReason
}

/** For ever. A license released before its terms were known never had any. */
export interface ReleasedLicense extends Common {
  readonly status: 'released'
  readonly terms: Terms | null
}

interface Common {
  readonly id: LicenseId
  readonly origin: Origin
  /** Rises with every event, by one but for a restore, so it is also the version that the optimistic lock compares. */
  readonly revision: number
  /** Codes of a lower revision are not handed a newer one: `license reissue --leaked` raises it. */
  readonly handOverFloor: number
  /** The codes that customers hold and that have not run out yet; null when there are none. */
  readonly codes: CodesOut | null
  /** Orders taken into account, the purchase included; one of them never applies again. */
  readonly orders: readonly string[]
  readonly createdAt: Seconds
}

/** What a revocation list has to know of the codes given out (contract 1.5). */
export interface CodesOut {
  /** The first second in which none of them works any more, as each says of itself; null = never. */
  readonly until: PaidUntil
  /** Those of a lower revision are good no more: a shortening or a leak shut them out. null when none is out. */
  readonly shutOut: { readonly below: number; readonly until: PaidUntil } | null
}

/**
 * Where the license comes from. A direct sale has no channel; its order is the seller's own number. A pending
 * license may learn its order with its terms; nothing else of this ever changes.
 */
export interface Origin {
  readonly channel: string | null
  /** The marketplace's instance id, or its code (`PL…`) for License 2.0; null for a direct sale. */
  readonly instance: string | null
  readonly order: OrderRef | null
}

/** What the license allows and until when (权益与有效期). */
export interface Terms {
  readonly product: number
  readonly edition: number
  /** 0 = unlimited. */
  readonly seats: number
  /** 24 bits; the least significant is the product's first feature. */
  readonly features: number
  readonly trial: boolean
  readonly graceDays: number
  readonly paidUntil: PaidUntil
  /** First 10 bytes, as hex, of SHA-256("LC1 bind" 0x00 fingerprint); null when not bound to a device. */
  readonly binding: string | null
}

export interface HeldTerms {
  /** The latest end a renewal asked for; undefined when none did. */
  readonly renewedTo?: PaidUntil
  /** The end an explicit shorten asked for; a later renewal is weighed against it. */
  readonly shortenedTo?: Seconds
  /** A renewal made it formal: whatever is activated is no trial. */
  readonly formal?: true
  readonly entitlement?: Entitlement
}

/** The part of the terms that a change (升级) replaces. */
export interface Entitlement {
  readonly edition: number
  readonly seats: number
  readonly features: number
}

/** Why a license is frozen: its paid time ran out, the marketplace found a violation, or support decided. */
export type FreezeReason = 'expired' | 'violation' | 'operator'

/** The highest revision a license code can carry (16 bits, contract 1.1); a change beyond it is refused. */
export const MAX_REVISION = 65_535
