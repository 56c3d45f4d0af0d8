import type { Event } from './events.ts'
import type { License } from './license.ts'
import type { Refusal } from './refusal.ts'
import { no, type Result, yes } from './result.ts'

/** The events that follow from a command, possibly none, or why it is refused. */
export type Decision = Result<readonly Event[], Refusal>

/** Success without an event: a re-send, or what a command asks for is so already. */
export const nothing: Decision = yes([])

export const happened = (...events: readonly Event[]): Decision => yes(events)

export const releasedForEver: Decision = no({ reason: 'license_released' })

/** An order id once applied never applies again (contract 3.1); the seller's own changes have none. */
export const isApplied = (license: License, order: string | null): boolean =>
  order !== null && license.orders.includes(order)
