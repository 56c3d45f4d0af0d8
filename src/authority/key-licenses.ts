import type { LicenseId } from '../domain/ids.ts'
import type { License } from '../domain/license.ts'

/** Who holds codes of a signing key, for the day it leaks. Each read goes through all licenses: there is no index. */
export interface KeyLicenses {
  /** Active licenses whose newest code is of the key, by id; those behind `after`, from the first when it is null. */
  licensesOfKey(kid: string, after: LicenseId | null, limit: number): Promise<readonly License[]>
  countOfKey(kid: string): Promise<number>
}
