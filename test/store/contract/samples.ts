import type { ReplayMark } from '../../../src/authority/call-memory.ts'
import type { Batch, IssuedCode, LicenseChange, ParkedCall } from '../../../src/authority/ports.ts'
import type { Event } from '../../../src/domain/events.ts'
import { evolve } from '../../../src/domain/evolve.ts'
import type { License, Origin, Terms } from '../../../src/domain/license.ts'

/** 2026-11-21T12:00:00Z. */
export const NOON = 1_795_262_400

export const DAY = 86_400

export const BY = { who: 'operator', reason: null }

export const TERMS: Terms = {
  product: 1001,
  edition: 2,
  seats: 5,
  features: 0b101,
  trial: false,
  graceDays: 3,
  paidUntil: NOON + 30 * DAY,
  binding: null,
}

export const idOf = (n: number): string => n.toString(16).padStart(16, '0')

export function originOf(n: number, over: Partial<Origin> = {}): Origin {
  return { channel: 'huawei', instance: idOf(n), order: { id: `CS${n}`, line: `L${n}` }, ...over }
}

export function codeOf({ id, revision }: Pick<License, 'id' | 'revision'>): IssuedCode {
  const digest = `d${revision}-${id}`
  return { digest, license: id, revision, kid: '0a1b2c3d', bytes: `code-${id}-${revision}` }
}

/** A license from nothing to after `events`. */
export function madeBy(events: readonly [Event, ...Event[]]): LicenseChange & { before: null } {
  let after: License | null = null
  for (const event of events) after = evolve(after, event)
  return { before: null, after: after!, events, by: BY, code: null, customer: null }
}

interface SaleOptions {
  readonly terms?: Partial<Terms>
  readonly origin?: Partial<Origin>
  readonly at?: number
  readonly id?: string
}

/** The sale of license number `n`, with its code. */
export function sale(n: number, { terms, origin, at = NOON, id = idOf(n) }: SaleOptions = {}): LicenseChange {
  const event: Event = {
    type: 'issued',
    id,
    origin: originOf(n, origin),
    terms: { ...TERMS, ...terms },
    at,
  }
  const change = madeBy([event])
  return { ...change, code: codeOf(change.after) }
}

/** What `event` makes of `before`. */
export function next(before: License, event: Event, code = false): LicenseChange {
  const after = evolve(before, event)
  return { before, after, events: [event], by: BY, code: code ? codeOf(after) : null, customer: null }
}

export const renewal = (order: string, days: number, at = NOON + DAY): Event => ({
  type: 'renewed',
  order,
  paidUntil: NOON + days * DAY,
  at,
})

export const freeze = (at = NOON + DAY): Event => ({ type: 'frozen', reason: 'operator', at })

export function markOf(n: number, over: Partial<ReplayMark> = {}): ReplayMark {
  return {
    accessKey: 'feedc0de',
    signature: `signature-${n}`,
    nonce: `nonce-${n}`,
    request: `request-${n}`,
    answer: `{"resultCode":"000000","n":${n}}`,
    expires: NOON + 180,
    ...over,
  }
}

export function parkedOf(n: number, over: Partial<ParkedCall> = {}): ParkedCall {
  return {
    key: `parked-${n}`,
    channel: 'huawei',
    instance: `unknown-${n}`,
    order: `CS${n}`,
    why: 'unknown_instance',
    intent: `{"type":"demand","n":${n}}`,
    at: NOON + n,
    ...over,
  }
}

/** Everything a purchase leaves, in one batch. */
export function purchase(n: number): Batch & { change: LicenseChange; mark: ReplayMark } {
  const order = { id: `CS${n}`, line: `L${n}` }
  const answer = { channel: 'huawei', order, fields: `fields-${n}`, body: `body-${n}` }
  return { change: sale(n), mark: markOf(n), answer }
}
