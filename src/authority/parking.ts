import type { OrderRef } from '../domain/ids.ts'
import type { Seconds } from '../domain/time.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { utf8 } from '../format/bytes.ts'
import type { Crypto } from './host.ts'
import type { Bought, Demand, Sale, UnknownScene } from './marketplace.ts'
import type { LedgerOrder } from './orders.ts'
import type { Alert, ParkedCall, ParkedReason } from './ports.ts'

/** What waits: a call as it was understood, or an order that was learnt without one. */
export type Parked = Sale | Demand | UnknownScene | ParkedOrder

export interface ParkedOrder extends Bought {
  readonly type: 'order'
  readonly order: OrderRef
}

/**
 * Names a parked call by what it asks for, not by its nonce: the marketplace's re-sends of one call are
 * parked once, and handling one of them settles it.
 */
export function parkingKey(crypto: Pick<Crypto, 'sha256'>, channel: string, parked: Parked): string {
  const asked = [channel, ...namesOf(parked)]
  return encodeBase64url(crypto.sha256(utf8(JSON.stringify(asked))).subarray(0, 16))
}

function namesOf(parked: Parked): readonly unknown[] {
  switch (parked.type) {
    case 'sale':
    case 'order':
      return [parked.type, parked.order.id, parked.order.line]
    case 'demand':
      return ['demand', parked.instance, parked.command]
    case 'unknown_scene':
      return [parked.type, parked.instance, parked.scene, parked.order.id, parked.order.line]
    default:
      return parked satisfies never
  }
}

/** What a parked call asks for. */
export const parkedIn = ({ intent }: Pick<ParkedCall, 'intent'>): Parked => JSON.parse(intent)

export function parkedDemand(crypto: Crypto, channel: string, intent: Demand, at: Seconds): ParkedCall {
  const order = 'order' in intent.command ? intent.command.order : null
  const key = parkingKey(crypto, channel, intent)
  return {
    key,
    channel,
    instance: intent.instance,
    order,
    why: 'unknown_instance',
    intent: JSON.stringify(intent),
    at,
  }
}

/** Personal data is left out: the marketplace sends it again, and a parked row is not sealed. */
export function parkedSale(
  crypto: Crypto,
  channel: string,
  intent: Sale,
  why: ParkedReason,
  at: Seconds,
): ParkedCall {
  const key = parkingKey(crypto, channel, intent)
  const kept = JSON.stringify({ ...intent, customer: null })
  return { key, channel, instance: null, order: intent.order.id, why, intent: kept, at }
}

/** As it is parked when the catalog is not ready for it. */
export const orderParkingKey = (
  crypto: Pick<Crypto, 'sha256'>,
  { channel, order }: Pick<LedgerOrder, 'channel' | 'order'>,
): string => parkingKey(crypto, channel, { type: 'order', order, ...NOT_NAMED })

/** No part of the key. */
const NOT_NAMED: Bought = { marketplaceProduct: '', sku: null, quantity: null }

/** An order that was learnt: its instance exists, and waits with it. */
export function parkedOrder(
  crypto: Crypto,
  channel: string,
  { order, marketplaceProduct, sku, quantity }: Bought & { readonly order: OrderRef },
  why: ParkedReason,
  at: Seconds,
): ParkedCall {
  const parked: ParkedOrder = { type: 'order', order, marketplaceProduct, sku, quantity }
  const key = parkingKey(crypto, channel, parked)
  return { key, channel, instance: null, order: order.id, why, intent: JSON.stringify(parked), at }
}

/** It waits for a person: no license that arrives makes it understood. */
export function parkedScene(crypto: Crypto, channel: string, scene: UnknownScene, at: Seconds): ParkedCall {
  const key = parkingKey(crypto, channel, scene)
  const intent = JSON.stringify(scene)
  return { key, channel, instance: null, order: scene.order.id, why: 'unknown_scene', intent, at }
}

export function parkedSceneAlert({ key, channel, at, why }: ParkedCall, scene: UnknownScene): Alert {
  const { instance, order } = scene
  const detail = { channel, order: order.id, instance, why, scene: scene.scene }
  return { kind: 'parked_order', key: `parked_order:${key}`, at, detail }
}

/** Support hears at once: the marketplace refunds a failed order after two to three hours. */
export function parkedOrderAlert(
  parked: ParkedCall,
  sale: Bought & { readonly order: Pick<OrderRef, 'id'> },
): Alert {
  return {
    kind: 'parked_order',
    key: `parked_order:${parked.key}`,
    at: parked.at,
    detail: {
      channel: parked.channel,
      order: sale.order.id,
      why: parked.why,
      marketplaceProduct: sale.marketplaceProduct,
      sku: sale.sku ?? '',
      quantity: sale.quantity ?? '',
    },
  }
}
