import type { DirectOrder, LedgerOrder, OrderState } from '../authority/orders.ts'
import { rfc3339 } from '../authority/view.ts'
import { sheet } from './table.ts'

/** An order line for a program. Dates are RFC 3339; what nobody has said yet is null. */
export function orderDocument({
  channel,
  order,
  cause,
  license,
  state,
  notedAt,
  learntAt,
  learnt,
}: LedgerOrder) {
  return {
    number: order.id,
    line: order.line,
    channel,
    cause,
    state,
    license,
    notedAt: rfc3339(notedAt),
    learntAt: dateOf(learntAt),
    kind: learnt?.kind ?? null,
    orderedAt: dateOf(learnt?.orderedAt ?? null),
    charging: learnt?.charging ?? null,
    paidUntil: dateOf(learnt?.paidUntil ?? null),
    marketplaceProduct: learnt?.marketplaceProduct ?? null,
    sku: learnt?.sku ?? null,
    quantity: learnt?.quantity ?? null,
  }
}

/** The question what an order is, when it is asked no more. */
export interface GivenUp {
  readonly call: string
  readonly error: string | null
}

/** A sale of the seller's own, in the members of `orderDocument`. */
export const directDocument = (number: string, { license, soldAt }: DirectOrder) => ({
  ...{ number, line: '', channel: null, cause: 'sale', state: 'applied', license },
  ...{ notedAt: rfc3339(soldAt), learntAt: null, kind: null, orderedAt: null, charging: null },
  ...{ paidUntil: null, marketplaceProduct: null, sku: null, quantity: null },
})

export const directText = (number: string, { license, soldAt }: DirectOrder): string =>
  sheet([
    ['order', number],
    ['named by', 'sale'],
    ['state', 'applied: sold without a marketplace ("licet license issue")'],
    ['license', license],
    ['noted', rfc3339(soldAt)],
  ])

const dateOf = (seconds: number | null): string | null => (seconds === null ? null : rfc3339(seconds))

/** The same for a person, who is told what the state means. */
export function orderText(order: LedgerOrder, givenUp: GivenUp | null): string {
  const document = orderDocument(order)
  const meaning =
    givenUp === null
      ? MEANING[document.state]
      : `asking was given up: ${givenUp.error ?? 'unknown'}; "licet outgoing retry ${givenUp.call}" asks again`
  return sheet([
    ['order', document.number],
    ['line', document.line || null],
    ['channel', document.channel],
    ['named by', document.cause],
    ['state', `${document.state}: ${meaning}`],
    ['license', document.license],
    ['noted', document.notedAt],
    ['learnt', document.learntAt],
    ['kind', document.kind],
    ['ordered', document.orderedAt],
    ['charging', document.charging],
    ['paid until', document.paidUntil],
    ['product', document.marketplaceProduct],
    ['sku', document.sku],
    ['quantity', document.quantity],
  ])
}

const MEANING: Readonly<Record<OrderState, string>> = {
  asked: 'the marketplace is being asked what it is ("licet outgoing list")',
  parked: 'it came before its instance, and is applied with it',
  learnt: 'no license is known for it',
  waiting: 'the catalog or its license is not ready for it ("licet license list --parked")',
  refused: 'the license said no',
  applied: 'nothing is left to do',
}
