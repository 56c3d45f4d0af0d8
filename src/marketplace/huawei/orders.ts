import type { CitedOrder } from '../../authority/marketplace.ts'
import type { OrderCause } from '../../authority/orders.ts'
import type { FieldReader } from './wire.ts'

export const ID = 64

/** Orders that the debugging console invents (reference 11.3): a call about one of them is a test call. */
const MOCK_ORDERS: ReadonlySet<string> = new Set([
  'MOCKPERIODYEARNEW',
  'MOCKONETIMENEW',
  'MOCKONDEMAND',
  'MOCKONDEMANDPKG',
  'MOCKPERIODDAYTRIAL',
  'MOCKMONTYTRIALTOFORMAL',
  'MOCKMONTYUNSUBSCRIBE',
  'MOCKMONTYRENEW',
  'MOCKMONTYCHANGE',
])

export const isTest = (fields: FieldReader, order: string | null): boolean =>
  fields.flag('testFlag') || (order !== null && MOCK_ORDERS.has(order))

/**
 * An order beside an instance. Without a line of its own it has that instance for one: one order may be of several.
 */
export function cited(
  id: string,
  line: string | null,
  instance: string,
  cause: OrderCause,
  learn = false,
): CitedOrder {
  return { ref: { id, line: line ?? instance }, cause, learn }
}
