import type { LicenseId } from '../domain/ids.ts'
import type { License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'
import type { CodeInfo } from './outgoing/port.ts'
import type { Page } from './ports.ts'

/** Licenses whose code a marketplace made, and what it last said of them. */
export interface MarketplaceCodes {
  /** null: this server does not know the license as one. */
  marketplaceCode(license: LicenseId): Promise<MarketplaceCode | null>
  /** Those about which the marketplace is to be asked by now, the longest due first. */
  codesDue(now: Seconds, limit: number): Promise<readonly MarketplaceCode[]>
  /** Keyset page by license id, of one channel or of all; `after` is the `next` of the page before. */
  marketplaceCodes(channel: string | null, after: string | null, limit: number): Promise<CodePage>
  /** Makes all that are ever asked about due now, of one channel or of all. */
  askAboutAll(channel: string | null, now: Seconds): Promise<void>
}

export type CodePage = Page<MarketplaceCode>

export interface MarketplaceCode {
  readonly license: LicenseId
  readonly channel: string
  /** As the marketplace wrote it (`PL…`): whoever has it can fetch the license. */
  readonly code: string
  readonly status: License['status']
  /** When software first asked for its license here; null while it was only met in a call. */
  readonly activatedAt: Seconds | null
  /** When the marketplace last said what it is; null: never. */
  readonly confirmedAt: Seconds | null
  readonly said: CodeInfo['status'] | null
  /** What was made up for last: types of events, by commas. */
  readonly repaired: string | null
  readonly repairedAt: Seconds | null
  /** When the marketplace is asked next; null: never again. */
  readonly due: Seconds | null
}

/** What is written of such a code, whatever is there: null and left out keep what there is, but for `due`. */
export interface CodeNote {
  readonly license: LicenseId
  readonly due: Seconds | null
  /** The first one stays. */
  readonly activatedAt?: Seconds
  readonly told?: { readonly at: Seconds; readonly said: CodeInfo['status'] }
  readonly repair?: { readonly at: Seconds; readonly events: string }
}
