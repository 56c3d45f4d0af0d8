import type { LedgerOrder, OrderState } from '../authority/orders.ts'
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

const dateOf = (seconds: number | null): string | null => (seconds === null ? null : rfc3339(seconds))

/** The same for a person, who is told what the state means. */
export function orderText(order: LedgerOrder): string {
  const document = orderDocument(order)
  return sheet([
    ['order', document.number],
    ['line', document.line || null],
    ['channel', document.channel],
    ['named by', document.cause],
    ['state', `${document.state}: ${MEANING[document.state]}`],
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
