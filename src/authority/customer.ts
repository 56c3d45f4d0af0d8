import type { LicenseId } from '../domain/ids.ts'

/** What personal data is sealed as: bound to its license, so it does not open beside another. */
export const customerPurpose = (id: LicenseId): string => `customer:${id}`
