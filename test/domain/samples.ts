import type { Event } from '../../src/domain/events.ts'
import type { Entitlement, License, Origin, Terms } from '../../src/domain/license.ts'
import { evolveAll } from '../../src/domain/step.ts'
import { SECONDS_PER_DAY } from '../../src/domain/time.ts'

/** 2026-01-01T00:00:00Z, when the samples begin. */
export const START = 1_767_225_600

export const day = (n: number): number => START + n * SECONDS_PER_DAY

export const ID = '0011223344556677'

export const ORIGIN: Origin = { channel: 'huawei', instance: ID, order: { id: 'buy', line: '1' } }

/** Paid for 100 days, then 3 days of grace. */
export const TERMS: Terms = {
  product: 1001,
  edition: 1,
  seats: 5,
  features: 0b001,
  trial: false,
  graceDays: 3,
  paidUntil: day(100),
  binding: null,
}

export const FLAGSHIP: Entitlement = { edition: 2, seats: 50, features: 0b111 }

export const issued: Event = { type: 'issued', id: ID, origin: ORIGIN, terms: TERMS, at: START }
export const met: Event = { type: 'met', id: ID, origin: { ...ORIGIN, order: null }, at: START }
export const released: Event = { type: 'released', at: day(1) }

export const frozen = (reason: 'expired' | 'violation' | 'operator'): Event => ({
  type: 'frozen',
  reason,
  at: day(1),
})

/** One history for each status: the columns of the table in design 4. */
export const PENDING = [met]
export const ACTIVE = [issued]
export const FROZEN = [issued, frozen('operator')]
export const EXPIRED = [issued, frozen('expired')]
export const RELEASED = [issued, released]

export const issuedWith = (terms: Partial<Terms>): Event => ({
  type: 'issued',
  id: ID,
  origin: ORIGIN,
  terms: { ...TERMS, ...terms },
  at: START,
})

export const licenseOf = (...history: readonly Event[]): License => evolveAll(null, history)
