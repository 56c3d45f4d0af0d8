import type { IssuedCode } from '../authority/ports.ts'
import { listingOf } from '../domain/codes-out.ts'
import { type CodesOut, type License, MAX_REVISION, type Terms } from '../domain/license.ts'
import { type PaidUntil, worksUntil } from '../domain/time.ts'
import type { LicenseRow } from './schema.ts'

/** The only place that turns a license into a row and back. Events are in `event-rows.ts`. */

/** What the beginning fixes for ever. */
export const FIXED = ['id', 'channel', 'instance', 'created_at'] as const

const TERMS = [
  'product',
  'edition',
  'seats',
  'features',
  'trial',
  'grace_days',
  'paid_until',
  'binding',
] as const

/** What is read of the codes that are out, beside the status and the revision. */
export const CODES_OUT = ['codes_until', 'shut_out_below', 'shut_out_until'] as const

/** What a change may alter. */
export const STATE = [
  'order_id',
  'order_line',
  'status',
  'revision',
  ...TERMS,
  'freeze_reason',
  'held',
  'orders',
  'hand_over_floor',
  ...CODES_OUT,
] as const

/** Written for a search alone, and never read: when the sweep is to freeze, and how long the revocation list names it. */
export const SOUGHT = ['due', 'listed_until'] as const

/** What a license is read from. */
export const READ = [...FIXED, ...STATE] as const

export const CODE = ['code_revision', 'code_kid', 'code_bytes'] as const

/** Of the first answer, written once with the license. */
export const ANSWER = ['answer_form', 'answer_code', 'answer_fields'] as const

/** What the row of a new license says of its first answer: all of it, or nothing. */
export type AnswerColumns = Pick<LicenseRow, (typeof ANSWER)[number]>

export type ReadLicenseRow = Pick<LicenseRow, (typeof READ)[number]>

/** `code` is the one this change issued; an update with null leaves the older one. */
export function licenseRow(license: License, code: IssuedCode | null): Omit<LicenseRow, keyof AnswerColumns> {
  return {
    ...stateRow(license),
    code_revision: code?.revision ?? null,
    code_kid: code?.kid ?? null,
    code_bytes: code?.bytes ?? null,
  }
}

function stateRow(license: License): Omit<LicenseRow, (typeof CODE)[number] | keyof AnswerColumns> {
  const { id, origin, status, revision, handOverFloor, createdAt } = license
  return {
    id,
    channel: origin.channel,
    instance: origin.instance,
    order_id: origin.order?.id ?? null,
    order_line: origin.order?.line ?? null,
    status,
    revision,
    ...termsRow(status === 'pending' ? null : license.terms),
    freeze_reason: freezeReason(license),
    held: status === 'pending' ? JSON.stringify(license.held) : null,
    orders: ordersText(license),
    hand_over_floor: handOverFloor,
    ...codesOutRow(license.codes),
    due: dueAt(license),
    listed_until: listedUntil(license),
    created_at: createdAt,
  }
}

/**
 * When the sweep is to freeze it. A license of the last revision is never due: no freeze can be recorded any
 * more, and that it has run out follows from the clock alone.
 */
function dueAt(license: License): number | null {
  if (license.status !== 'active' || license.revision >= MAX_REVISION) return null
  return worksUntil(license.terms.paidUntil, license.terms.graceDays)
}

function freezeReason(license: License): string | null {
  if (license.status === 'pending') return license.mark
  return license.status === 'frozen' ? license.reason : null
}

function termsRow(terms: Terms | null) {
  return {
    product: terms?.product ?? null,
    edition: terms?.edition ?? null,
    seats: terms?.seats ?? null,
    features: terms?.features ?? null,
    trial: terms && Number(terms.trial),
    grace_days: terms?.graceDays ?? null,
    paid_until: terms?.paidUntil ?? null,
    binding: terms?.binding ?? null,
  }
}

/** Later than any time, so that an end that never comes can be compared with. */
const NEVER = Number.MAX_SAFE_INTEGER

const endNumber = (end: PaidUntil): number => end ?? NEVER
const endOf = (end: number): PaidUntil => (end === NEVER ? null : end)

function codesOutRow(codes: CodesOut | null) {
  const shutOut = codes?.shutOut ?? null
  return {
    codes_until: codes && endNumber(codes.until),
    shut_out_below: shutOut?.below ?? null,
    shut_out_until: shutOut && endNumber(shutOut.until),
  }
}

export function codesOutOf(row: Pick<LicenseRow, (typeof CODES_OUT)[number]>): CodesOut | null {
  if (row.codes_until === null) return null
  const below = row.shut_out_below
  const shutOut = below === null ? null : { below, until: endOf(row.shut_out_until!) }
  return { until: endOf(row.codes_until), shutOut }
}

function listedUntil(license: License): number | null {
  const listing = listingOf(license)
  return listing && endNumber(listing.until)
}

/** null for what most licenses have: the purchase and nothing else. */
export function ordersText({ origin, orders }: License): string | null {
  const purchase = purchaseOrders(origin.order?.id ?? null)
  const same = orders.length === purchase.length && orders[0] === purchase[0]
  return same ? null : JSON.stringify(orders)
}

const purchaseOrders = (order: string | null): readonly string[] => (order === null ? [] : [order])

export function licenseOf(row: ReadLicenseRow): License {
  const common = {
    id: row.id,
    origin: {
      channel: row.channel,
      instance: row.instance,
      order: row.order_id === null ? null : { id: row.order_id, line: row.order_line! },
    },
    revision: row.revision,
    handOverFloor: row.hand_over_floor,
    codes: codesOutOf(row),
    orders: row.orders === null ? purchaseOrders(row.order_id) : JSON.parse(row.orders),
    createdAt: row.created_at,
  }
  const status = row.status as License['status']
  const reason = row.freeze_reason as (License & { status: 'frozen' })['reason'] | null
  switch (status) {
    case 'pending':
      return { ...common, status, held: JSON.parse(row.held!), mark: reason }
    case 'active':
      return { ...common, status, terms: termsOf(row)! }
    case 'frozen':
      return { ...common, status, terms: termsOf(row)!, reason: reason! }
    case 'released':
      return { ...common, status, terms: termsOf(row) }
    default:
      throw new Error(`license ${row.id} has the unknown status ${status satisfies never}`)
  }
}

/** The CHECKs of the schema hold: terms are there in full or not at all. */
function termsOf(row: ReadLicenseRow): Terms | null {
  if (row.product === null) return null
  return {
    product: row.product,
    edition: row.edition!,
    seats: row.seats!,
    features: row.features!,
    trial: row.trial === 1,
    graceDays: row.grace_days!,
    paidUntil: row.paid_until,
    binding: row.binding,
  }
}
