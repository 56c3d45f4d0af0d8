import type { Seconds } from './time.ts'

/** The domain says no, with its evidence. Doors translate it in one exhaustive switch each. */
export type Refusal =
  /** The command needs a license and there is none. */
  | { readonly reason: 'license_unknown' }
  /** Released is for ever. */
  | { readonly reason: 'license_released' }
  /** A frozen license gets no new code. */
  | { readonly reason: 'license_frozen' }
  /** A pending license has no terms to put into a code. */
  | { readonly reason: 'license_pending' }
  /** A code whose paid end is not ahead cannot be issued (contract 1.1, `bad_range`). */
  | { readonly reason: 'already_ended'; readonly paidUntil: Seconds; readonly now: Seconds }
  /** Revision 65535 is the last one a code can carry; it never wraps. */
  | { readonly reason: 'revisions_exhausted'; readonly revision: number }
  /** A trial is never perpetual (contract 1.1). */
  | { readonly reason: 'perpetual_trial' }
