import type { Activate, Change, Reissue, Renew, Shorten } from './commands.ts'
import { type Decision, happened, isApplied, nothing, releasedForEver } from './decision.ts'
import type { Event } from './events.ts'
import { applyHeld } from './held.ts'
import type { Entitlement, FrozenLicense, License, PendingLicense } from './license.ts'
import { no } from './result.ts'
import { endsLater, isAhead, type PaidUntil, type Seconds, worksUntil } from './time.ts'

/**
 * The terms of a pending license become known; the event carries them with everything held applied. A
 * marked license becomes frozen (`evolve`). Nothing on an active or frozen license; refused on a released
 * one, and as `perpetual_trial` when the outcome would be one, whether by the terms or by a held renewal.
 */
export function activate(license: License, { terms, order }: Activate, at: Seconds): Decision {
  if (license.status === 'released') return releasedForEver
  if (license.status !== 'pending') return nothing
  const known = applyHeld(terms, license.held)
  if (known.trial && known.paidUntil === null) return no({ reason: 'perpetual_trial' })
  return happened({ type: 'activated', ...(order !== undefined && { order }), terms: known, at })
}

/**
 * Sets a later end; a formal renewal ends a trial too, also where the end is not later. Nothing for an order
 * applied before and for what is so already. A license frozen as *expired* that works again with a later end
 * is reinstated with it (contract 3.1); one frozen for another reason stays frozen. A trial that stays one
 * cannot be renewed for ever: `perpetual_trial`.
 */
export function renew(license: License, command: Renew, at: Seconds): Decision {
  if (license.status === 'released') return releasedForEver
  if (isApplied(license, command.order)) return nothing
  if (license.status === 'pending') return renewPending(license, command, at)
  const { terms } = license
  const endsTrial = command.formal === true && terms.trial
  const later = endsLater(command.paidUntil, terms.paidUntil)
  if (!later && !endsTrial) return nothing
  if (terms.trial && !endsTrial && command.paidUntil === null) return no({ reason: 'perpetual_trial' })
  const paidUntil = later ? command.paidUntil : terms.paidUntil
  const renewed = renewal(command.order, paidUntil, endsTrial, at)
  if (later && license.status === 'frozen' && worksAgain(license, command, at)) {
    return happened(renewed, { type: 'reinstated', at })
  }
  return happened(renewed)
}

const renewal = (order: string | null, paidUntil: PaidUntil, formal: boolean, at: Seconds): Event => ({
  type: 'renewed',
  order,
  paidUntil,
  ...(formal && { formal }),
  at,
})

/**
 * Kept until the activation. A mark as *expired* is lifted by an end that is ahead, as the freeze itself
 * would be; the grace is not known yet, so the paid end alone must be ahead.
 */
function renewPending({ held, mark }: PendingLicense, command: Renew, at: Seconds): Decision {
  const { renewedTo } = held
  const endsTrial = command.formal === true && held.formal !== true
  const later = renewedTo === undefined || endsLater(command.paidUntil, renewedTo)
  if (!later && !endsTrial) return nothing
  const renewed = renewal(command.order, later ? command.paidUntil : renewedTo, endsTrial, at)
  if (later && mark === 'expired' && isAhead(command.paidUntil, at)) {
    return happened(renewed, { type: 'reinstated', at })
  }
  return happened(renewed)
}

function worksAgain({ reason, terms }: FrozenLicense, { paidUntil }: Renew, at: Seconds): boolean {
  return reason === 'expired' && isAhead(worksUntil(paidUntil, terms.graceDays), at)
}

/**
 * Moves the end earlier, also into the past. Nothing for an order applied before and for an end that is
 * not earlier than the current: only a renewal extends. It never freezes; running out of grace does.
 */
export function shorten(license: License, { order, paidUntil }: Shorten, at: Seconds): Decision {
  if (license.status === 'released') return releasedForEver
  if (isApplied(license, order)) return nothing
  if (!endsLater(currentEnd(license), paidUntil)) return nothing
  return happened({ type: 'shortened', order, paidUntil, at })
}

/** The end a shortening is measured by; for a pending license the one a shortening set, if any did. */
function currentEnd(license: Exclude<License, { status: 'released' }>) {
  return license.status === 'pending' ? (license.held.shortenedTo ?? null) : license.terms.paidUntil
}

/**
 * Replaces edition, seats and features; the end stays. Nothing for an order applied before and for what is
 * so already. Two changes do not commute: the one that comes last stands.
 */
export function change(license: License, { order, entitlement }: Change, at: Seconds): Decision {
  if (license.status === 'released') return releasedForEver
  if (isApplied(license, order)) return nothing
  const current = license.status === 'pending' ? license.held.entitlement : license.terms
  if (current !== undefined && sameEntitlement(current, entitlement)) return nothing
  return happened({ type: 'changed', order, entitlement, at })
}

function sameEntitlement(a: Entitlement, b: Entitlement): boolean {
  return a.edition === b.edition && a.seats === b.seats && a.features === b.features
}

/**
 * A new code for the same license: every call is a change, so this is the one command that is not
 * idempotent. Only an active license whose paid end is ahead can have a code; anything else is refused
 * with what stands in the way.
 */
export function reissue(license: License, { leaked, binding }: Reissue, at: Seconds): Decision {
  switch (license.status) {
    case 'pending':
      return no({ reason: 'license_pending' })
    case 'frozen':
      return no({ reason: 'license_frozen' })
    case 'released':
      return releasedForEver
    case 'active': {
      const { terms } = license
      if (terms.paidUntil !== null && terms.paidUntil <= at) {
        return no({ reason: 'already_ended', paidUntil: terms.paidUntil, now: at })
      }
      return happened({
        type: 'reissued',
        leaked,
        binding: binding === undefined ? terms.binding : binding,
        at,
      })
    }
    default: {
      const unknown: never = license
      return unknown
    }
  }
}
