import type { Configuration } from './configuration.ts'
import type { Ambient, Crypto, Log, Sealing } from './host.ts'
import type { Marketplace } from './marketplace.ts'
import type { Store } from './ports.ts'
import type { RetiredKeys } from './retired-keys.ts'
import type { Turns } from './turns.ts'

/** Everything a use case is given. The composition makes one; use cases are functions of it. */
export interface Authority {
  readonly store: Store
  readonly crypto: Crypto
  readonly sealing: Sealing
  readonly retiredKeys: RetiredKeys
  readonly ambient: Ambient
  readonly log: Log
  /** One for the process: calls on the same license wait for each other here, not at the commit. */
  readonly turns: Turns
  readonly configuration: Configuration
  readonly marketplaces: ReadonlyMap<string, Marketplace>
  /** `iss` of statements: the public URL of this server. */
  readonly issuer: string
}

/** Tries before a use case gives up on a license that another process keeps changing (design 5). */
export const MOST_TRIES = 3
