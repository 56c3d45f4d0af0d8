import type { Speaker } from './voices.ts'
import type { Warning } from './warnings.ts'

/**
 * Every reason a license can be refused for, in the order the checks run (contract 2). The list is closed:
 * server, software, command line and console use the same words. Not all of them can come from this verifier:
 * `not_issued` is the server's alone.
 */
export const REASONS = [
  'malformed',
  'mistyped',
  'unsupported_version',
  'unknown_key',
  'key_revoked',
  'bad_signature',
  'outside_issuing_window',
  'not_certified',
  'bad_range',
  'not_issued',
  'wrong_product',
  'wrong_device',
  'released',
  'frozen',
  'superseded',
  'clock_rolled_back',
  'list_rolled_back',
  'not_yet_valid',
  'expired',
] as const

export type Reason = (typeof REASONS)[number]

/** What a valid license is in: paid time, or the seller's grace after it. */
export type GoodStanding = 'active' | 'grace'

/** Reasons that also describe the license itself; `standing` repeats them. */
export type BadStanding = 'expired' | 'frozen' | 'released' | 'not_yet_valid'

/**
 * The answer of the verifier; `valid`, `standing` and `reason` are always present (contract 2). `license` is
 * there whenever the code is genuine, also when it is refused for its product, device or time.
 */
export type Verdict = (
  | {
      readonly valid: true
      readonly standing: GoodStanding
      readonly reason: null
      readonly license: LicenseFacts
    }
  | {
      readonly valid: false
      readonly standing: BadStanding | null
      readonly reason: Reason
      readonly license?: LicenseFacts
    }
) &
  Beside

/** What a verdict says beside the license when anything met since the program was shipped was given, or a license file. */
export interface Beside {
  /** Which of code, statement and list decided; there when the code is genuine and for this program and device. */
  readonly decidedBy?: Speaker
  /** To be stored in place of the state given; it never knows less, but for what a revoked key had set. */
  readonly state?: string
  /** Left out when there are none. */
  readonly warnings?: readonly Warning[]
  /** The line of a license file that cannot be read, from 1; 0 when the file is too long. */
  readonly line?: number
}

/** What a genuine code says. Times are Unix seconds; codes and names stand where the caller named them. */
export interface LicenseFacts {
  /** 16 lower-case hex digits. */
  readonly id: string
  readonly product: number | string
  readonly edition: number | string
  /** Names, or bit numbers from 0 where the caller's list has no name. */
  readonly features: readonly (number | string)[]
  /** null = unlimited. */
  readonly seats: number | null
  readonly trial: boolean
  readonly revision: number
  readonly issuedAt: number
  /** The first second no longer paid; null = perpetual. */
  readonly paidUntil: number | null
  /** The first second in which the license no longer works; null = perpetual. */
  readonly worksUntil: number | null
  /** Key id of the signing key. */
  readonly kid: string
  /** True when the code is good on one device only. */
  readonly bound: boolean
}

/** A refusal, or null; the facts only of a code that is genuine; and the standing, where it has one. */
export const verdictOf = (
  reason: Reason | null,
  license?: LicenseFacts,
  standing: GoodStanding | BadStanding | null = null,
): Verdict => ({ valid: !reason, standing, reason, ...(license && { license }) }) as Verdict
