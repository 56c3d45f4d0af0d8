import type { Seconds } from '../domain/time.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { utf8 } from '../format/bytes.ts'
import type { Crypto } from './host.ts'
import type { Demand, Intent, Sale } from './marketplace.ts'
import type { Alert, ParkedCall, ParkedReason } from './ports.ts'

/**
 * Names a parked call by what it asks for, not by its nonce: the marketplace's re-sends of one call are
 * parked once, and handling one of them settles it.
 */
export function parkingKey(crypto: Pick<Crypto, 'sha256'>, channel: string, intent: Intent): string {
  const asked =
    intent.type === 'sale'
      ? [channel, 'sale', intent.order.id, intent.order.line]
      : [channel, 'demand', intent.instance, intent.command]
  return encodeBase64url(crypto.sha256(utf8(JSON.stringify(asked))).subarray(0, 16))
}

/** What a parked call asks for. */
export const intentOf = ({ intent }: Pick<ParkedCall, 'intent'>): Intent => JSON.parse(intent)

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

/** Support hears at once: the marketplace refunds a failed order after two to three hours. */
export function parkedOrderAlert(parked: ParkedCall, sale: Sale): Alert {
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
