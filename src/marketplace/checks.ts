import type { MarketplaceCheck } from '../authority/marketplace-check.ts'
import { huaweiCheck } from './huawei/check/index.ts'
import type { CheckCrypto } from './huawei/check/stage.ts'

/** The checks of production addresses by kind of marketplace, as `marketplaces` has the plug-ins. */
export const marketplaceChecks = (crypto: CheckCrypto): ReadonlyMap<string, MarketplaceCheck> =>
  new Map([['huawei', huaweiCheck(crypto)]])
