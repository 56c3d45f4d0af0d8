import type { Seconds } from '../../domain/time.ts'
import { learntOf } from '../learn.ts'
import type { LearntOrder } from '../orders.ts'
import type { CodeInfo, OrderInfo, OrderLine, OutgoingCall, OutgoingOutcome } from '../outgoing/port.ts'

/** One call to the marketplace of the channel, made now. */
export type Ask = (call: OutgoingCall) => Promise<OutgoingOutcome>

/** What a code sells, as far as it takes to make a license of it. */
export interface LearntCode {
  /** null: the marketplace names none. */
  readonly order: string | null
  readonly learnt: LearntOrder
  /** As in `OrderInfo`. */
  readonly customer: string | null
}

export type Asked =
  | { readonly type: 'learnt'; readonly code: LearntCode }
  /** The marketplace's own word: there is no license to be had for this code, now or ever. */
  | { readonly type: 'refused'; readonly why: 'unknown_code' | 'unclaimed' | 'released' | 'expired' }
  /** `ours`: the seller's settings are the reason, as wrong credentials are, and only he can remedy it. */
  | { readonly type: 'unavailable'; readonly why: string; readonly ours: boolean }

/**
 * Activates a code and learns what it sells. Safe to repeat: one that is activated already, since an answer was lost or
 * other software came first, is asked about instead. Facts that the code itself does not tell are taken from its order;
 * where the marketplace is there and does not give that out, what the code tells has to do.
 */
export async function askAboutCode(ask: Ask, code: string, now: Seconds): Promise<Asked> {
  const known = await activated(ask, code)
  if ('type' in known) return known
  if (known.status === 'released' || known.status === 'expired') return { type: 'refused', why: known.status }
  if (known.order === null) return learntFrom(known, null, now)
  const asked = await ask({ type: 'query_order', order: known.order, line: null })
  if (asked.type === 'unreachable') return unavailable(asked.why)
  return learntFrom(known, asked.type === 'order' ? asked.order : null, now)
}

async function activated(ask: Ask, code: string): Promise<CodeInfo | Asked> {
  const first = await ask({ type: 'activate_code', code, at: null })
  if (first.type === 'code' && isWhole(first.code) && !MAY_BE_MISSPELLED.test(code)) return first.code
  const isThere = first.type === 'code' || (first.type === 'refused' && first.means === 'already_active')
  if (!isThere) return failureOf(first)
  const second = await ask({ type: 'query_code', code })
  if (second.type !== 'code') return failureOf(second)
  if (second.code.status === 'unknown') return { type: 'refused', why: 'unknown_code' }
  if (second.code.status === 'inactive') return unavailable('inactive')
  return first.type === 'code' ? both(first.code, second.code) : second.code
}

/**
 * Marketplaces write their codes in capitals. One that takes other letters for the same would sell two licenses for one
 * code, and its calls would reach neither: who answers to such a spelling is asked what the code is called.
 */
const MAY_BE_MISSPELLED = /[a-z]/

const isWhole = ({ order, marketplaceProduct, quantity }: CodeInfo): boolean =>
  order !== null && marketplaceProduct !== null && quantity !== null

/** The end in the answer to an activation is an estimate (reference 4.6). */
const both = (estimated: CodeInfo, known: CodeInfo): CodeInfo => ({
  status: known.status,
  paidUntil: known.paidUntil ?? estimated.paidUntil,
  order: known.order ?? estimated.order,
  marketplaceProduct: known.marketplaceProduct ?? estimated.marketplaceProduct,
  quantity: known.quantity ?? estimated.quantity,
})

function failureOf(outcome: OutgoingOutcome): Asked {
  switch (outcome.type) {
    case 'refused':
      return outcome.means === 'unknown_code' || outcome.means === 'unclaimed'
        ? { type: 'refused', why: outcome.means }
        : unavailable(outcome.code)
    case 'unauthorized':
      return { type: 'unavailable', why: `unauthorized ${outcome.code}`, ours: true }
    case 'unreachable':
      return unavailable(outcome.why)
    case 'code':
    case 'order':
    case 'done':
      return unavailable('unknown_answer')
    default:
      return outcome satisfies never
  }
}

/** Words of `attempt` for what the seller has to set. */
const SETTINGS: ReadonlySet<string> = new Set(['no_credentials', 'credentials_unreadable', 'unknown_site'])

const unavailable = (why: string): Asked => ({ type: 'unavailable', why, ours: SETTINGS.has(why) })

function learntFrom(known: CodeInfo, info: OrderInfo | null, now: Seconds): Asked {
  const line = info && lineOf(info, known)
  // The code lives, whatever became of its order since: all that counts is whether it was sold as a trial.
  const kind = info?.kind === 'TRIAL' ? 'TRIAL' : 'NEW'
  const order = info && line && learntOf({ ...info, kind }, line)
  const marketplaceProduct = known.marketplaceProduct ?? line?.marketplaceProduct
  if (marketplaceProduct === undefined) return unavailable('no_product')
  // For ever only where an order says so: an end that was merely not sent is no perpetual license.
  const paidUntil = known.paidUntil ?? (order?.ok ? order.value.paidUntil : undefined)
  if (paidUntil === undefined) return unavailable('no_end')
  const learnt: LearntOrder = {
    kind,
    orderedAt: info?.createdAt ?? now,
    charging: line?.charging ?? null,
    paidUntil,
    marketplaceProduct,
    sku: line?.sku ?? null,
    quantity: known.quantity ?? line?.quantity ?? null,
  }
  return { type: 'learnt', code: { order: known.order, learnt, customer: info?.customer ?? null } }
}

/** The line of the code's product, or the only one there is. */
function lineOf({ lines }: OrderInfo, { marketplaceProduct }: CodeInfo): OrderLine | null {
  const own = lines.find((line) => line.marketplaceProduct === marketplaceProduct)
  return own ?? (lines.length === 1 ? lines[0]! : null)
}
