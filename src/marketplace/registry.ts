import type { Marketplace } from '../authority/marketplace.ts'
import { huaweiMarketplace } from './huawei/index.ts'
import type { LegacyCrypto } from './huawei/sensitive.ts'
import type { HuaweiCrypto } from './huawei/signature.ts'

type Factory = (crypto: HuaweiCrypto, legacy: LegacyCrypto) => Marketplace

/** Every kind of marketplace this server speaks; `channel add --kind` accepts these names and no other. */
const FACTORIES: readonly Factory[] = [huaweiMarketplace]

/** The plug-ins by their kind. */
export function marketplaces(crypto: HuaweiCrypto, legacy: LegacyCrypto): ReadonlyMap<string, Marketplace> {
  return new Map(FACTORIES.map((make) => make(crypto, legacy)).map((plugin) => [plugin.kind, plugin]))
}
