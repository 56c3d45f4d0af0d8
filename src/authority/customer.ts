import type { LicenseId } from '../domain/ids.ts'
import { readUtf8, utf8 } from '../format/bytes.ts'
import { recurring } from '../format/recurring.ts'
import type { Authority } from './authority.ts'
import type { Sealing } from './host.ts'

/** What personal data is sealed as: bound to its license, so it does not open beside another. */
export const customerPurpose = (id: LicenseId): string => `customer:${id}`

/** Seals personal data of a license's buyer; null where there is none. */
export function sealCustomer(sealing: Sealing, id: LicenseId, customer: string | null): string | null {
  return customer === null ? null : sealing.seal(customerPurpose(id), utf8(shortened(customer)))
}

/** Personal data of a license's buyer: a name, or JSON as a marketplace sent it; null when there is none. Never logged. */
export async function customerOf({ store, sealing }: Authority, id: LicenseId): Promise<string | null> {
  const sealed = await store.customer(id)
  if (sealed === null) return null
  const text = readUtf8(sealing.open(customerPurpose(id), sealed))
  return text && lengthened(text)
}

/** What recurs in the JSON of every buyer. */
const JSON_OF_BUYERS = recurring([
  '{"customerId":"',
  '","customerName":"',
  '","userId":"',
  '","userName":"',
  '","mobilePhone":"',
  '","email":"',
  '"}',
])

/** Begins a text that was shortened, which neither JSON nor a name does; twice, one that was not and begins so. */
const SHORT = '\u0001'

function shortened(text: string): string {
  if (text.startsWith(SHORT)) return SHORT + SHORT + text
  const short = JSON_OF_BUYERS.short(text)
  return JSON_OF_BUYERS.long(short) === text ? SHORT + short : text
}

function lengthened(text: string): string {
  if (!text.startsWith(SHORT)) return text
  return text.startsWith(SHORT, 1) ? text.slice(2) : JSON_OF_BUYERS.long(text.slice(1))
}
