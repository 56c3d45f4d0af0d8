import type { LicenseId } from '../domain/ids.ts'
import { readUtf8 } from '../format/bytes.ts'
import type { Authority } from './authority.ts'

/** What personal data is sealed as: bound to its license, so it does not open beside another. */
export const customerPurpose = (id: LicenseId): string => `customer:${id}`

/** Personal data of a license's buyer: a name, or JSON as a marketplace sent it; null when there is none. Never logged. */
export async function customerOf({ store, sealing }: Authority, id: LicenseId): Promise<string | null> {
  const sealed = await store.customer(id)
  return sealed === null ? null : readUtf8(sealing.open(customerPurpose(id), sealed))
}
