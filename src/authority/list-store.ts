import type { Listing } from '../domain/codes-out.ts'
import type { LicenseId } from '../domain/ids.ts'
import type { Publication } from '../domain/publication.ts'
import type { Seconds } from '../domain/time.ts'
import type { Committed } from './ports.ts'

/** What revocation lists are made from, and what is kept of them (contract 1.5). */
export interface ListStore {
  /** Of one product; a product nothing was ever listed of has seen no change. */
  listState(product: number): Promise<ListState>
  /** What the list of a product says at `now`, in no order; no more than `limit`. */
  listed(product: number, now: Seconds, limit: number): Promise<readonly ListedLicense[]>
  /** `conflict`: the newest list is no longer `before`; look again and decide again. */
  publishList(product: number, before: Publication | null, list: Publication): Promise<Committed>
}

export interface ListState {
  /** Rises with every change of a license that changes what the list says of it. Time takes entries off without one. */
  readonly changes: number
  /** The newest list given out. Its text is not kept: the same content, number and time give the same bytes. */
  readonly published: Publication | null
}

export interface ListedLicense extends Listing {
  readonly id: LicenseId
}
