import type { Checking } from '../cli/checking.ts'
import { legacyCrypto } from '../crypto/legacy.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { marketplaceChecks } from '../marketplace/checks.ts'
import { ambient } from './ambient.ts'
import { createExchange } from './exchange.ts'

/** The check for a kind of marketplace, over the network of this machine; null for a kind there is none of. */
export function checkingOf(kind: string): Checking | null {
  const found = marketplaceChecks({ ...nodeCrypto, ...legacyCrypto }).get(kind)
  if (found === undefined) return null
  const exchange = createExchange(() => performance.now())
  return { families: found.families, check: (wanted) => found.run({ ...wanted, exchange, ambient }) }
}
