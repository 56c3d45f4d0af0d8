import type { OrderRef } from '../domain/ids.ts'
import type { License } from '../domain/license.ts'
import { endOfPeriod } from '../domain/period.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { PaidUntil } from '../domain/time.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import { sealCustomer } from './customer.ts'
import type { LearntOrder, LedgerOrder } from './orders.ts'
import type { OrderInfo, OrderLine } from './outgoing/port.ts'
import { commitSettled, type MadeCall, type Settled, type Settling } from './outgoing/settle.ts'
import type { Batch } from './ports.ts'
import { settleOrders } from './settle-orders.ts'

/**
 * An order of which the marketplace was asked: its terms go into the ledger and, in the same batch, to the license that
 * waits for them. A period without an end is asked for again: the marketplace may not have set it yet.
 */
export const learnOrder: Settling<'query_order'> = async (authority, made, { order }) => {
  const { line: asked } = made.call
  const lines = order.lines.filter(({ line }) => asked === null || line === asked)
  const last = lines.at(-1)
  if (last === undefined) return again('no_such_line')
  for (const line of lines) {
    const learnt = learntOf(order, line)
    if (!learnt.ok) return again(learnt.no)
    const settled = await learnLine(authority, made, order, line.line, learnt.value, line === last)
    if (settled.type === 'again') return settled
  }
  return SETTLED
}

const SETTLED: Settled = { type: 'settled' }
const again = (why: string): Settled => ({ type: 'again', why })

/** What an order line sells, or why that cannot be said yet. */
export function learntOf({ kind, createdAt }: OrderInfo, line: OrderLine): Result<LearntOrder, 'no_end'> {
  const { charging, marketplaceProduct, sku, quantity } = line
  const paidUntil = endOf(kind, createdAt, line)
  if (paidUntil === undefined) return no('no_end')
  return yes({ kind, orderedAt: createdAt, charging, paidUntil, marketplaceProduct, sku, quantity })
}

/** undefined: it has an end, and nobody knows it. Of a change or a renewal the end is not that of its own period. */
function endOf(
  kind: OrderInfo['kind'],
  createdAt: number,
  { charging, paidUntil, period }: OrderLine,
): PaidUntil | undefined {
  if (paidUntil !== null) return paidUntil
  if (kind !== 'NEW' && kind !== 'TRIAL') return null
  if (charging !== 'PERIOD' && kind !== 'TRIAL') return null
  return period === null ? undefined : endOfPeriod(createdAt, period)
}

async function learnLine(
  authority: Authority,
  { queued }: MadeCall<'query_order'>,
  { id, customer }: OrderInfo,
  line: string,
  learnt: LearntOrder,
  ends: boolean,
): Promise<Settled> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const ref = await lineOf(authority, queued.channel, { id, line })
    const learning = await batchFor(authority, queued.channel, ref, learnt, customer)
    if (!learning.ok) return again(learning.no.reason)
    const committed = ends
      ? await commitSettled(authority, queued, learning.value)
      : await authority.store.commit(learning.value)
    if (committed === 'committed') return SETTLED
    const call = await authority.store.outgoingCall(queued.id)
    // Somebody else has made it meanwhile, or does so now.
    if (call?.state !== 'waiting' || call.attempts !== queued.attempts) return SETTLED
  }
  return again('contended')
}

/** As the ledger names it: a call that names an order without its lines is of all of it. */
async function lineOf({ store }: Authority, channel: string, order: OrderRef): Promise<OrderRef> {
  const whole = { id: order.id, line: '' }
  return (await store.order(channel, whole)) === null ? order : whole
}

async function batchFor(
  authority: Authority,
  channel: string,
  order: OrderRef,
  learnt: LearntOrder,
  customer: string | null,
): Promise<Result<Batch, { readonly reason: 'no_key' }>> {
  const { store, ambient, configuration, sealing } = authority
  const now = ambient.now()
  const noted = await store.order(channel, order)
  const license = await licenseOf(authority, channel, order, noted)
  const known: LedgerOrder = {
    channel,
    order,
    cause: noted?.cause ?? 'notice',
    license: license?.id ?? null,
    state: noted?.state ?? 'asked',
    notedAt: noted?.notedAt ?? now,
    learntAt: now,
    learnt,
  }
  const note = { ...known, at: now }
  if (license === null) return yes({ notes: [{ ...note, state: 'learnt' }] })
  const others = (await store.ordersOf(license.id)).filter((one) => !isSame(one, known))
  const snapshot = await configuration.current(now)
  const sealed = license.status === 'pending' ? sealCustomer(sealing, license.id, customer) : null
  const settled = await settleOrders(authority, snapshot, channel, license, [...others, known], sealed)
  if (!settled.ok) return settled
  const batch = settled.value.batch ?? {}
  // What was applied before is learnt all the same.
  const isNoted = batch.notes?.some((one) => isSame(one, known)) === true
  return yes(isNoted ? batch : { ...batch, notes: [...(batch.notes ?? []), note] })
}

const isSame = (a: Pick<LedgerOrder, 'order'>, b: Pick<LedgerOrder, 'order'>): boolean =>
  a.order.id === b.order.id && a.order.line === b.order.line

/** Named by a call, or sold by it. */
async function licenseOf(
  { store }: Authority,
  channel: string,
  order: OrderRef,
  noted: LedgerOrder | null,
): Promise<License | null> {
  const license = noted?.license ?? null
  return license === null ? store.byOrder(channel, order) : store.byId(license)
}
