import { findEdition, findProduct } from '../domain/catalog.ts'
import type { Command } from '../domain/commands.ts'
import type { InstanceRef, LicenseId, OrderRef } from '../domain/ids.ts'
import type { License, PendingLicense } from '../domain/license.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { termsOf } from '../domain/terms.ts'
import type { PaidUntil, Seconds } from '../domain/time.ts'
import { applyParked } from './apply-parked.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import { sealCustomer } from './customer.ts'
import { licenseText } from './issue.ts'
import { newLicenseId } from './new-ids.ts'
import type { Actor } from './ports.ts'
import { resolve, type Unresolved } from './resolve.ts'

/** How support names a license: by its id, or as the marketplace does. */
export type LicenseName = { readonly id: LicenseId } | InstanceRef

export interface Operated {
  readonly license: License
  readonly changed: boolean
  /** The newest license text, or null when the license never had a code. */
  readonly text: string | null
}

export type OperationRefusal = Unresolved | SaleRefusal | { readonly reason: 'contended' }

export type SaleRefusal =
  | { readonly reason: 'unknown_product'; readonly product: string }
  | { readonly reason: 'unknown_edition'; readonly edition: string; readonly product: string }
  | { readonly reason: 'unknown_channel'; readonly channel: string }
  | { readonly reason: 'instance_taken'; readonly instance: InstanceRef }
  | { readonly reason: 'order_taken'; readonly order: string; readonly channel: string }

/** A direct sale, or a license that a channel already knows under an instance id. */
export interface DirectSale {
  readonly product: string
  readonly edition: string
  /** 0 = unlimited. */
  readonly seats: number
  readonly paidUntil: PaidUntil
  readonly trial: boolean
  /** First 10 bytes of the device digest as hex, or null. */
  readonly binding: string | null
  readonly instance: InstanceRef | null
  readonly order: string | null
  /** Personal data; sealed before it is stored. */
  readonly customer: string | null
}

export async function find(authority: Authority, name: LicenseName): Promise<License | null> {
  return 'id' in name
    ? authority.store.byId(name.id)
    : authority.store.byInstance(name.channel, name.instance)
}

/** One command of support on one license. A repeat changes nothing and is no error. */
export async function operate(
  authority: Authority,
  name: LicenseName,
  command: Command,
  by: Actor,
): Promise<Result<Operated, OperationRefusal>> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const now = authority.ambient.now()
    const snapshot = await authority.configuration.current(now)
    const resolved = await resolve(authority, snapshot, await find(authority, name), [command], by, now)
    if (!resolved.ok) return resolved
    const { change, license, issued } = resolved.value
    if (change !== null && (await authority.store.commit({ change })) === 'conflict') continue
    return yes({
      license,
      changed: change !== null,
      text: issued?.text ?? (await newestText(authority, license)),
    })
  }
  return no({ reason: 'contended' })
}

/**
 * Sells without a marketplace's call. The same channel and instance, or channel and order, is sold once; without
 * an instance there is no channel, and the seller's own order numbers may repeat. A pending license of the instance
 * becomes active with this order, these terms and what its callbacks asked for, or frozen when they froze it.
 */
export async function sellDirectly(
  authority: Authority,
  sale: DirectSale,
  by: Actor,
): Promise<Result<Operated, OperationRefusal>> {
  const now = authority.ambient.now()
  const snapshot = await authority.configuration.current(now)
  const product = findProduct(snapshot.catalog, sale.product)
  if (!product) return no({ reason: 'unknown_product', product: sale.product })
  const edition = findEdition(product, sale.edition)
  if (!edition) return no({ reason: 'unknown_edition', edition: sale.edition, product: sale.product })
  if (sale.instance && !snapshot.channels.has(sale.instance.channel)) {
    return no({ reason: 'unknown_channel', channel: sale.instance.channel })
  }
  const terms = termsOf(product, edition, sale)
  if (!terms.ok) return terms
  const pending = await pendingOf(authority, sale.instance)
  const id = pending?.id ?? newLicenseId(authority.ambient)
  const command: Command = pending
    ? { type: 'activate', terms: terms.value, ...(sale.order !== null && { order: sale.order }) }
    : { type: 'issue', id, origin: originOf(sale), terms: terms.value }
  const customer = sealCustomer(authority.sealing, id, sale.customer)
  const resolved = await resolve(authority, snapshot, pending, [command], by, now, customer)
  if (!resolved.ok) return resolved
  const { change, license, issued } = resolved.value
  const ended = endedBefore(license, now)
  if (ended !== null) return no(ended)
  if (change !== null && (await authority.store.commit({ change })) === 'conflict') {
    return no(await takenBy(authority, sale))
  }
  return yes(await afterParked(authority, { license, changed: true, text: issued?.text ?? null }, sale))
}

/** The license that the marketplace's own code made when a callback met it first: it waits for its terms. */
async function pendingOf(authority: Authority, instance: InstanceRef | null): Promise<PendingLicense | null> {
  const known = instance && (await authority.store.byInstance(instance.channel, instance.instance))
  return known?.status === 'pending' ? known : null
}

/** Nothing is sold whose end has come, what a pending license was renewed to taken into account. */
function endedBefore(license: License, now: Seconds): OperationRefusal | null {
  if (license.status !== 'active') return null
  const { paidUntil } = license.terms
  return paidUntil === null || paidUntil > now ? null : { reason: 'already_ended', paidUntil, now }
}

/** Why a sale met a conflict: what may be sold once was sold before. */
async function takenBy(authority: Authority, { instance, order }: DirectSale): Promise<OperationRefusal> {
  if (instance === null) return { reason: 'contended' }
  const { channel } = instance
  const owner = await authority.store.byInstance(channel, instance.instance)
  if (owner !== null && owner.status !== 'pending') return { reason: 'instance_taken', instance }
  const sold = order !== null && (await authority.store.byOrder(channel, { id: order, line: '' }))
  // Else it was met or changed just now: with another try it is sold.
  return sold ? { reason: 'order_taken', order, channel } : { reason: 'contended' }
}

/** The license and its text after the calls that waited for it. */
async function afterParked(
  authority: Authority,
  sold: Operated,
  { instance }: DirectSale,
): Promise<Operated> {
  if (instance === null) return sold
  await applyParked(authority, instance)
  const license = (await authority.store.byId(sold.license.id)) ?? sold.license
  return { ...sold, license, text: await newestText(authority, license) }
}

function originOf({ instance, order }: DirectSale) {
  const orderRef: OrderRef | null = order === null ? null : { id: order, line: '' }
  return { channel: instance?.channel ?? null, instance: instance?.instance ?? null, order: orderRef }
}

/** The text of the newest code, or null when the license never had one. */
export async function newestText(authority: Authority, license: License): Promise<string | null> {
  const code = await authority.store.newestCode(license.id)
  if (code === null) return null
  const { keyring } = await authority.configuration.current(authority.ambient.now())
  return licenseText(authority.crypto, keyring, code)
}
