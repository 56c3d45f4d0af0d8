import type { HeldTerms, Terms } from './license.ts'
import { endsLater, type PaidUntil, type Seconds } from './time.ts'

/*
 * A pending license has no end yet, so renewals and shortenings are kept as what they would make of any
 * end. A renewal is "not before R", a shortening is "not after S", and a sequence of both is always one
 * pair R <= S: `renewedTo` and `shortenedTo`. Activating late therefore gives the end that activating
 * first would have given.
 */

/** Keeps a renewal. It also lifts an earlier shortening to its own end. */
export function holdRenewal(held: HeldTerms, end: PaidUntil): HeldTerms {
  const { shortenedTo, ...rest } = held
  const renewedTo = held.renewedTo === undefined || endsLater(end, held.renewedTo) ? end : held.renewedTo
  if (shortenedTo === undefined || end === null) return { ...rest, renewedTo }
  return { ...rest, renewedTo, shortenedTo: Math.max(shortenedTo, end) }
}

/** Keeps a shortening. It also cuts an earlier renewal back to its own end. */
export function holdShortening(held: HeldTerms, end: Seconds): HeldTerms {
  const capped = { ...held, shortenedTo: earliest(held.shortenedTo, end) }
  return held.renewedTo === undefined ? capped : { ...capped, renewedTo: earliest(held.renewedTo, end) }
}

/** The terms a pending license gets: those of its activation, with everything held applied to them. */
export function applyHeld(terms: Terms, held: HeldTerms): Terms {
  const trial = terms.trial && held.formal !== true
  return { ...terms, ...held.entitlement, trial, paidUntil: heldEnd(terms.paidUntil, held) }
}

function heldEnd(end: PaidUntil, { renewedTo, shortenedTo }: HeldTerms): PaidUntil {
  const capped = shortenedTo !== undefined && endsLater(end, shortenedTo) ? shortenedTo : end
  return renewedTo !== undefined && endsLater(renewedTo, capped) ? renewedTo : capped
}

function earliest(a: PaidUntil | undefined, b: Seconds): Seconds {
  return a === undefined || a === null ? b : Math.min(a, b)
}
