import type { Configuration } from './configuration.ts'
import type { Ambient, Crypto, Log, Sealing } from './host.ts'
import type { Marketplace } from './marketplace.ts'
import type { Store } from './ports.ts'

/** Everything a use case is given. The composition makes one; use cases are functions of it. */
export interface Authority {
  readonly store: Store
  readonly crypto: Crypto
  readonly sealing: Sealing
  readonly ambient: Ambient
  readonly log: Log
  readonly configuration: Configuration
  readonly marketplaces: ReadonlyMap<string, Marketplace>
  /** `iss` of statements: the public URL of this server. */
  readonly issuer: string
}

/** Tries before a use case gives up on a contended license (design 5). */
export const MOST_TRIES = 3
