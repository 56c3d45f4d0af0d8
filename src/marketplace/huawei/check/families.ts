import { KIT_1, KIT_2 } from './kit.ts'
import { LICENSE_1 } from './license-1.ts'
import { LICENSE_2 } from './license-2.ts'
import { ONLINE_LICENSE } from './online-license.ts'
import { ORDER_NOTICE } from './order-notice.ts'
import { SAAS_1 } from './saas-1.ts'
import { SAAS_2 } from './saas-2.ts'
import type { Family } from './scene.ts'

/** Every family of the reference, in the order they are played. */
export const FAMILIES: readonly Family[] = [
  LICENSE_1,
  LICENSE_2,
  ONLINE_LICENSE,
  SAAS_2,
  SAAS_1,
  KIT_2,
  KIT_1,
  ORDER_NOTICE,
]
