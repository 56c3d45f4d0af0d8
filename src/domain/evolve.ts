import { codesAfter } from './codes-out.ts'
import { type Event, raiseOf } from './events.ts'
import { holdRenewal, holdShortening } from './held.ts'
import type {
  ActiveLicense,
  FrozenLicense,
  HeldTerms,
  License,
  Origin,
  PendingLicense,
  Terms,
} from './license.ts'

type Base = Pick<License, 'id' | 'origin' | 'revision' | 'handOverFloor' | 'codes' | 'orders' | 'createdAt'>

/**
 * The license after an event; `license` is null before its first. It judges nothing: `decide` did. Each
 * event raises the revision by `raiseOf`, the first event makes revision 1, and an event's order joins the orders
 * applied. Throws when an event cannot follow on this license: a bug, or a damaged history.
 */
export function evolve(license: License | null, event: Event): License {
  const after = follow(license, event)
  return { ...after, codes: codesAfter(after.codes, after, event) }
}

function follow(license: License | null, event: Event): License {
  if (license === null) return begin(event)
  const base = raise(license, event)
  switch (license.status) {
    case 'pending':
      return onPending(license, base, event)
    case 'active':
      return onActive(license, base, event)
    case 'frozen':
      return onFrozen(license, base, event)
    case 'released':
      return misplaced(license, event)
    default: {
      const unknown: never = license
      return unknown
    }
  }
}

function begin(event: Event): License {
  if (event.type !== 'issued' && event.type !== 'met') return misplaced(null, event)
  const { id, origin, at } = event
  const orders = withOrder([], origin.order?.id ?? null)
  const base: Base = { id, origin, revision: 1, handOverFloor: 0, codes: null, orders, createdAt: at }
  if (event.type === 'met') return { ...base, status: 'pending', held: {}, mark: null }
  return { ...base, status: 'active', terms: event.terms }
}

function raise(license: License, event: Event): Base {
  const { id, origin, handOverFloor, codes, orders, createdAt } = license
  const order = 'order' in event ? (event.order ?? null) : null
  const revision = license.revision + raiseOf(event)
  return { id, origin, revision, handOverFloor, codes, orders: withOrder(orders, order), createdAt }
}

function onPending(license: PendingLicense, base: Base, event: Event): License {
  const { held, mark } = license
  switch (event.type) {
    case 'activated':
      return activated(license, base, event)
    case 'renewed':
      return { ...base, status: 'pending', held: heldAfter(held, event), mark }
    case 'shortened':
      return { ...base, status: 'pending', held: holdShortening(held, event.paidUntil), mark }
    case 'changed':
      return { ...base, status: 'pending', held: { ...held, entitlement: event.entitlement }, mark }
    case 'frozen':
      return { ...base, status: 'pending', held, mark: event.reason }
    case 'reinstated':
      return { ...base, status: 'pending', held, mark: null }
    case 'released':
      return { ...base, status: 'released', terms: null }
    case 'restored':
      return { ...base, status: 'pending', held, mark }
    default:
      return misplaced(license, event)
  }
}

function activated({ mark }: PendingLicense, base: Base, event: Event & { type: 'activated' }): License {
  const { terms, order } = event
  const { origin } = base
  const known = order === undefined || origin.order !== null ? origin : withPurchase(origin, order)
  if (mark !== null) return { ...base, origin: known, status: 'frozen', terms, reason: mark }
  return { ...base, origin: known, status: 'active', terms }
}

const withPurchase = (origin: Origin, id: string): Origin => ({ ...origin, order: { id, line: '' } })

function heldAfter(held: HeldTerms, { paidUntil, formal }: Event & { type: 'renewed' }): HeldTerms {
  return { ...holdRenewal(held, paidUntil), ...(formal && { formal }) }
}

function onActive(license: ActiveLicense, base: Base, event: Event): License {
  const { terms } = license
  switch (event.type) {
    case 'renewed':
    case 'shortened':
    case 'changed':
      return { ...base, status: 'active', terms: termsAfter(terms, event) }
    case 'frozen':
      return { ...base, status: 'frozen', terms, reason: event.reason }
    case 'released':
      return { ...base, status: 'released', terms }
    case 'restored':
      return { ...base, status: 'active', terms }
    case 'reissued': {
      const handOverFloor = event.leaked ? base.revision : base.handOverFloor
      return { ...base, handOverFloor, status: 'active', terms: { ...terms, binding: event.binding } }
    }
    default:
      return misplaced(license, event)
  }
}

function onFrozen(license: FrozenLicense, base: Base, event: Event): License {
  const { terms, reason } = license
  switch (event.type) {
    case 'renewed':
    case 'shortened':
    case 'changed':
      return { ...base, status: 'frozen', terms: termsAfter(terms, event), reason }
    case 'reinstated':
      return { ...base, status: 'active', terms }
    case 'released':
      return { ...base, status: 'released', terms }
    case 'restored':
      return { ...base, status: 'frozen', terms, reason }
    default:
      return misplaced(license, event)
  }
}

function termsAfter(terms: Terms, event: Event & { type: 'renewed' | 'shortened' | 'changed' }): Terms {
  if (event.type === 'changed') return { ...terms, ...event.entitlement }
  const trial = terms.trial && !(event.type === 'renewed' && event.formal)
  return { ...terms, trial, paidUntil: event.paidUntil }
}

/** The orders with one more; each is named once. */
export function withOrder(orders: readonly string[], order: string | null): readonly string[] {
  return order === null || orders.includes(order) ? orders : [...orders, order]
}

function misplaced(license: License | null, event: Event): never {
  throw new Error(
    `event "${event.type}" cannot follow on ${license === null ? 'no' : `a ${license.status}`} license`,
  )
}
