import type { Family } from './family.ts'
import { ONLINE_LICENSE, SAAS_2 } from './instances.ts'
import { LICENSE_1 } from './license-1.ts'
import { LICENSE_2 } from './license-2.ts'
import type { FamilyName } from './market.ts'
import { SAAS_1 } from './saas-1.ts'

export const FAMILIES: Readonly<Record<FamilyName, Family>> = {
  'license-1': LICENSE_1,
  'license-2': LICENSE_2,
  'online-license': ONLINE_LICENSE,
  'saas-1': SAAS_1,
  'saas-2': SAAS_2,
}
