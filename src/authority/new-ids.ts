import type { LicenseId } from '../domain/ids.ts'
import { toHex } from '../format/bytes.ts'
import type { Ambient } from './host.ts'

/** 64 random bits, not derived from the order (contract 1.1). A collision fails the commit and is drawn again. */
export function newLicenseId(ambient: Pick<Ambient, 'random'>): LicenseId {
  return toHex(ambient.random(8))
}
