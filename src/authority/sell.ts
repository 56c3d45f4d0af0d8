import type { LicenseId } from '../domain/ids.ts'
import { termsOf } from '../domain/terms.ts'
import { isAhead } from '../domain/time.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { utf8 } from '../format/bytes.ts'
import type { Authority } from './authority.ts'
import type { Recalled, SaleIdentity } from './call-memory.ts'
import type { Snapshot } from './configuration.ts'
import { sealCustomer } from './customer.ts'
import { licenseText } from './issue.ts'
import type { Channel, Sale } from './marketplace.ts'
import { newLicenseId } from './new-ids.ts'
import { wantedOf } from './offers.ts'
import { parkedOrderAlert, parkedSale, parkingKey } from './parking.ts'
import type { Worked } from './receive.ts'
import { resolve } from './resolve.ts'
import { sellForTest } from './sell-for-test.ts'

/**
 * A purchase. The same order line gets its first answer for ever, also when the license was frozen or
 * released since and when other fields differ. A sale nothing in the catalog matches waits for support.
 */
export async function sell(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  sale: Sale,
  known: Recalled,
): Promise<Worked> {
  if (sale.test) return sellForTest(authority, snapshot, channel, sale)
  // Sold by another way than the re-send that it waited for.
  const unpark = known.parking ? [parkingKey(authority.crypto, channel.name, sale)] : []
  if (known.answer !== null) return answerAgain(authority, channel, sale, known.answer, unpark)
  if (known.license !== null) return firstAnswer(authority, snapshot, sale, known.license, unpark)
  return sellAnew(authority, snapshot, channel, sale, unpark)
}

/** What the store is asked about a sale, or an opening. */
export function saleIdentity(channel: string, { order }: Pick<Sale, 'order'>): SaleIdentity {
  return { channel, order }
}

function answerAgain(
  authority: Authority,
  channel: Channel,
  sale: Sale,
  { fields, body }: NonNullable<Recalled['answer']>,
  unpark: readonly string[],
): Worked {
  if (fields !== fieldsDigest(authority, sale)) {
    authority.log.warn('sale_differs', { channel: channel.name, order: sale.order.id })
  }
  return { reply: { type: 'done' }, batch: { unpark }, remembered: body }
}

/** Sold here by another way (`license issue --order`): the code it has is its first answer. */
async function firstAnswer(
  authority: Authority,
  snapshot: Snapshot,
  sale: Sale,
  id: LicenseId,
  unpark: readonly string[],
): Promise<Worked> {
  const license = await authority.store.byId(id)
  const code = await authority.store.newestCode(id)
  if (license === null || code === null) return { reply: { type: 'unavailable' }, batch: {} }
  return {
    reply: {
      type: 'sold',
      instance: license.origin.instance ?? id,
      licenseText: licenseText(authority.crypto, snapshot.keyring, code),
    },
    batch: { unpark },
    remember: rememberedAs(authority, sale),
  }
}

async function sellAnew(
  authority: Authority,
  snapshot: Snapshot,
  channel: Channel,
  sale: Sale,
  unpark: readonly string[],
): Promise<Worked> {
  const now = authority.ambient.now()
  if (!isAhead(sale.paidUntil, now)) return { reply: { type: 'malformed' }, batch: {} }
  const wanted = wantedOf(snapshot, channel.name, sale)
  if (!wanted.ok) {
    const park = parkedSale(authority.crypto, channel.name, sale, wanted.no, now)
    return { reply: { type: 'unavailable' }, batch: { park, alerts: [parkedOrderAlert(park, sale)] } }
  }
  const { product, edition, seats } = wanted.value
  const { paidUntil, trial } = sale
  const terms = termsOf(product, edition, { seats, paidUntil, trial, binding: null })
  if (!terms.ok) return { reply: { type: 'refused', refusal: terms.no }, batch: {} }
  const id = newLicenseId(authority.ambient)
  const origin = { channel: channel.name, instance: id, order: sale.order }
  const by = { who: `callback:${channel.name}`, reason: null }
  const customer = sealCustomer(authority.sealing, id, sale.customer)
  const command = { type: 'issue', id, origin, terms: terms.value } as const
  const resolved = await resolve(authority, snapshot, null, [command], by, now, customer)
  if (!resolved.ok || resolved.value.issued === null || resolved.value.change === null) {
    authority.log.error('sale_not_issued', {
      channel: channel.name,
      why: resolved.ok ? 'nothing' : resolved.no.reason,
    })
    return { reply: { type: 'unavailable' }, batch: {} }
  }
  return {
    reply: { type: 'sold', instance: id, licenseText: resolved.value.issued.text },
    batch: { change: resolved.value.change, unpark },
    remember: rememberedAs(authority, sale),
  }
}

/** What is encrypted in the answer of an instance makes it unlike any other. */
function rememberedAs(authority: Authority, sale: Sale): NonNullable<Worked['remember']> {
  const alone = sale.shown === 'as_instance'
  return { order: sale.order, fields: fieldsDigest(authority, sale), ...(alone && { alone }) }
}

/** The fields a re-send must repeat; `businessId` and the times differ on every request and are not among them. */
function fieldsDigest(
  authority: Authority,
  { marketplaceProduct, sku, quantity, paidUntil, trial }: Sale,
): string {
  const fields = JSON.stringify([marketplaceProduct, sku, quantity, paidUntil, trial])
  return encodeBase64url(authority.crypto.sha256(utf8(fields)).subarray(0, 6))
}
