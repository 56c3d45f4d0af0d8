import type { LicenseId } from '../domain/ids.ts'
import type { Seconds } from '../domain/time.ts'

/** The marketplace's call: a license text of an instance for one device. It is uploaded, not answered. */
export interface Application {
  readonly type: 'application'
  readonly test: boolean
  readonly instance: string
  readonly event: string
  readonly fingerprint: string | null
  readonly effectiveAt: Seconds
  /** Later than `effectiveAt`; null where the call names no end. */
  readonly expiresAt: Seconds | null
}

/** What a marketplace applied for: a license text for a device, at one of its occasions. */
export interface Applications {
  application(key: ApplicationKey): Promise<LicenseApplication | null>
  /** Of one license, the oldest first. */
  applicationsOf(license: LicenseId): Promise<readonly LicenseApplication[]>
  /** Those that wait for the terms of their license, the oldest first; `after` is the last of the page before. */
  waitingApplications(after: LicenseApplication | null, limit: number): Promise<readonly LicenseApplication[]>
}

/** The same event and device get the same code, for ever. */
export interface ApplicationKey {
  readonly license: LicenseId
  /** The marketplace's number of the occasion. */
  readonly event: string
  /** As the binding of `Terms`; null where the text is for any device. */
  readonly device: string | null
}

export interface Applied extends ApplicationKey {
  readonly effectiveAt: Seconds
  /** null: for as long as the license is paid. */
  readonly expiresAt: Seconds | null
  /** When it was first asked for. */
  readonly at: Seconds
}

export type LicenseApplication = Applied &
  (
    | { readonly state: 'waiting' }
    /** `code` is the digest of the code that was made, `upload` the outgoing call that brings it there. */
    | { readonly state: 'made'; readonly code: string; readonly upload: string }
    | { readonly state: 'refused'; readonly why: ApplicationRefusal }
  )

/**
 * Why there is no license text: the license is gone, frozen for a violation or by support, or the application is not
 * covered by what was bought.
 */
export type ApplicationRefusal = 'license_released' | 'license_frozen' | Uncovered

/**
 * `no_seat`: other devices hold all seats. `outside_term`: of the paid term. `no_end`: a license that ends needs an
 * application that does. `no_device`: the product is bound to devices.
 */
export type Uncovered = 'no_seat' | 'outside_term' | 'no_end' | 'no_device'
