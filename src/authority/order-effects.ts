import { featureBits, findProduct, type Product } from '../domain/catalog.ts'
import type { Change, Command } from '../domain/commands.ts'
import type { License } from '../domain/license.ts'
import { termsOf } from '../domain/terms.ts'
import type { Snapshot } from './configuration.ts'
import { type Wanted, wantedOf } from './offers.ts'
import type { LearntOrder, LedgerOrder, OrderCause, OrderState } from './orders.ts'
import type { ParkedReason } from './ports.ts'

/** What the orders of a license make of it, decided and not applied. */
export interface Effects {
  readonly commands: readonly Command[]
  /** Where each of the orders gets to with them. */
  readonly outcomes: readonly OrderOutcome[]
}

export interface OrderOutcome {
  readonly order: LedgerOrder
  readonly state: OrderState
  /** Why the catalog is not ready for it; null where it is, or where it waits for another order. */
  readonly why: ParkedReason | null
}

const CHANGES: ReadonlySet<OrderCause> = new Set(['formal', 'changing_renewal', 'upgrade'])

/**
 * All orders of a license at once, so that it ends the same in whatever order they were learnt: its purchase gives it
 * its terms, then each change that is newer than all applied before, the oldest first. A change waits for the purchase.
 */
export function effectsOf(
  snapshot: Snapshot,
  channel: string,
  license: License,
  orders: readonly LedgerOrder[],
): Effects {
  const open = orders.filter(isOpen)
  if (license.status === 'released') return { commands: [], outcomes: open.map(settledAs('refused')) }
  const purchase = license.status === 'pending' ? open.find(({ cause }) => cause === 'opening') : undefined
  const activation = purchase === undefined ? null : activationBy(snapshot, channel, purchase)
  const product = activation?.product ?? productOf(snapshot, license)
  const changes = changesBy(snapshot, channel, license, product, orders)
  const rest = open.filter((order) => order !== purchase && !CHANGES.has(order.cause))
  return {
    commands: [...(activation?.commands ?? []), ...changes.commands],
    outcomes: [
      ...(activation === null ? [] : [activation.outcome]),
      ...changes.outcomes,
      ...rest.map(settledAs('applied')),
    ],
  }
}

type Learnt = LedgerOrder & { readonly learnt: LearntOrder }

const isLearnt = (order: LedgerOrder): order is Learnt => order.learnt !== null

const isOpen = (order: LedgerOrder): order is Learnt => isLearnt(order) && order.state !== 'applied'

const settledAs =
  (state: OrderState) =>
  (order: LedgerOrder): OrderOutcome => ({ order, state, why: null })

const waiting = (order: LedgerOrder, why: ParkedReason | null): OrderOutcome => ({
  order,
  state: 'waiting',
  why,
})

function productOf({ catalog }: Snapshot, license: License): Product | null {
  return license.status === 'pending' || license.terms === null
    ? null
    : findProduct(catalog, license.terms.product)
}

interface Activation {
  readonly commands: readonly Command[]
  readonly outcome: OrderOutcome
  readonly product: Product | null
}

function activationBy(snapshot: Snapshot, channel: string, order: Learnt): Activation {
  const { kind, paidUntil } = order.learnt
  const wanted = wantedOf(snapshot, channel, order.learnt)
  if (!wanted.ok) return { commands: [], outcome: waiting(order, wanted.no), product: null }
  const { product, edition, seats } = wanted.value
  const sold = { seats, paidUntil, trial: kind === 'TRIAL', binding: null }
  const terms = termsOf(product, edition, sold)
  // A purchase that was called off before it was known, or a trial for ever: nothing to sell.
  if (!terms.ok || kind === 'UNSUBSCRIBE')
    return { commands: [], outcome: settledAs('refused')(order), product: null }
  const command: Command = { type: 'activate', terms: terms.value }
  return { commands: [command], outcome: settledAs('applied')(order), product }
}

function changesBy(
  snapshot: Snapshot,
  channel: string,
  license: License,
  product: Product | null,
  orders: readonly LedgerOrder[],
): Effects {
  const changes = orders.filter(isLearnt).filter(({ cause }) => CHANGES.has(cause))
  const newest = changes
    .filter(({ state }) => state === 'applied')
    .sort(byAge)
    .at(-1)
  const steps = changes
    .filter(isOpen)
    .sort(byAge)
    .map((order) => changeBy(snapshot, channel, license, product, order, newest))
  return {
    commands: steps.flatMap(({ commands }) => commands),
    outcomes: steps.map(({ outcome }) => outcome),
  }
}

const byAge = (a: Learnt, b: Learnt): number =>
  a.learnt.orderedAt - b.learnt.orderedAt || (a.order.id < b.order.id ? -1 : 1)

/** One that was learnt after a newer one was applied changes nothing any more. */
function changeBy(
  snapshot: Snapshot,
  channel: string,
  license: License,
  product: Product | null,
  order: Learnt,
  newest: Learnt | undefined,
): Omit<Activation, 'product'> {
  if (newest !== undefined && byAge(order, newest) < 0)
    return { commands: [], outcome: settledAs('applied')(order) }
  if (product === null) return { commands: [], outcome: waiting(order, null) }
  const wanted = wantedOf(snapshot, channel, order.learnt)
  if (!wanted.ok) return { commands: [], outcome: waiting(order, wanted.no) }
  if (wanted.value.product.id !== product.id)
    return { commands: [], outcome: waiting(order, 'other_product') }
  const commands = [...renewalBy(order), changeTo(license, order, wanted.value)]
  return { commands, outcome: settledAs('applied')(order) }
}

/** The end moves where the order has one; a renewal's own call has moved it already. */
function renewalBy({ learnt: { paidUntil } }: Learnt): readonly Command[] {
  return paidUntil === null ? [] : [{ type: 'renew', order: null, paidUntil }]
}

/** The order of a renewal was applied with its end: what it changes beside that cannot cite it again. */
function changeTo(license: License, { order: { id } }: Learnt, wanted: Wanted): Change {
  const { product, edition, seats } = wanted
  const features = featureBits(product, edition.features)
  const order = license.orders.includes(id) ? null : id
  return { type: 'change', order, entitlement: { edition: edition.id, seats, features } }
}
