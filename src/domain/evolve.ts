import type { Event } from './events.ts'
import { holdRenewal, holdShortening } from './held.ts'
import type { ActiveLicense, FrozenLicense, License, PendingLicense, Terms } from './license.ts'

type Base = Pick<License, 'id' | 'origin' | 'revision' | 'handOverFloor' | 'orders' | 'createdAt'>

/**
 * The license after an event; `license` is null before its first. It judges nothing: `decide` did. Each
 * event raises the revision by one, the first event makes revision 1, and an event's order joins the orders
 * applied. Throws when an event cannot follow on this license: a bug, or a damaged history.
 */
export function evolve(license: License | null, event: Event): License {
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
  const base: Base = { id, origin, revision: 1, handOverFloor: 0, orders, createdAt: at }
  if (event.type === 'met') return { ...base, status: 'pending', held: {}, mark: null }
  return { ...base, status: 'active', terms: event.terms }
}

function raise(license: License, event: Event): Base {
  const { id, origin, handOverFloor, orders, createdAt } = license
  const order = 'order' in event ? event.order : null
  const revision = license.revision + 1
  return { id, origin, revision, handOverFloor, orders: withOrder(orders, order), createdAt }
}

function onPending(license: PendingLicense, base: Base, event: Event): License {
  const { held, mark } = license
  switch (event.type) {
    case 'activated':
      if (mark !== null) return { ...base, status: 'frozen', terms: event.terms, reason: mark }
      return { ...base, status: 'active', terms: event.terms }
    case 'renewed':
      return { ...base, status: 'pending', held: holdRenewal(held, event.paidUntil), mark }
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
    default:
      return misplaced(license, event)
  }
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
    default:
      return misplaced(license, event)
  }
}

function termsAfter(terms: Terms, event: Event & { type: 'renewed' | 'shortened' | 'changed' }): Terms {
  return event.type === 'changed'
    ? { ...terms, ...event.entitlement }
    : { ...terms, paidUntil: event.paidUntil }
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
