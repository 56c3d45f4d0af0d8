import type { Catalog } from '../domain/catalog.ts'
import type { Seconds } from '../domain/time.ts'
import type { Crypto, Sealing } from './host.ts'
import { type Keyring, openKeyring } from './keyring.ts'
import type { Channel, Pages } from './marketplace.ts'
import { openOpenApi } from './outgoing/credentials.ts'
import { pagesOf } from './pages.ts'
import type { Store, StoredChannel } from './ports.ts'
import { type RetiredKeys, recordEnded, withRecord } from './retired-keys.ts'

/** Administrative state as one consistent reading: what a call is judged by from its first check to its answer. */
export interface Snapshot {
  readonly generation: number
  readonly channels: ReadonlyMap<string, Channel>
  readonly catalog: Catalog
  readonly keyring: Keyring
}

export interface Configuration {
  /** The newest reading, at most `LONGEST_STALENESS` old. Throws when the store or a sealed secret fails. */
  current(now: Seconds): Promise<Snapshot>
  /**
   * The newest reading there was, however old; null before the first. Good for an answer that changes nothing
   * while the store is out, and for nothing else.
   */
  last(): Snapshot | null
  /** Makes the next reading look at the store: what this process changed, it sees at once. */
  forget(): void
}

/** Seconds. The command line promises that a running server sees a change within 2 s (contract 4). */
const LONGEST_STALENESS = 1

/**
 * Reads channels, catalog and keys once and again only after the store's generation rose, so that the hot
 * path costs no read beyond one generation number a second.
 */
export function createConfiguration(
  store: Store,
  crypto: Crypto,
  sealing: Sealing,
  retiredKeys: RetiredKeys,
): Configuration {
  let snapshot: Snapshot | null = null
  let checkedAt = Number.NEGATIVE_INFINITY
  return {
    async current(now) {
      if (snapshot !== null && Math.abs(now - checkedAt) < LONGEST_STALENESS) return snapshot
      const generation = await store.generation()
      if (snapshot === null || snapshot.generation !== generation) {
        snapshot = await read(generation, store, crypto, sealing, retiredKeys)
      }
      checkedAt = now
      return snapshot
    },
    last: () => snapshot,
    forget() {
      checkedAt = Number.NEGATIVE_INFINITY
    },
  }
}

async function read(
  generation: number,
  store: Store,
  crypto: Crypto,
  sealing: Sealing,
  retiredKeys: RetiredKeys,
): Promise<Snapshot> {
  // One that was being served when it was begun, as a Worker's is, stands still until it has ended.
  const unfinished = await store.unfinished()
  if (unfinished !== null) throw new Error(`the ${unfinished.type} of this database has not ended`)
  const channels: Channel[] = []
  for (const stored of await store.channels())
    channels.push(openChannel(stored, await pagesOf(store, stored.name), sealing))
  const keys = await store.keys()
  recordEnded(keys, retiredKeys)
  return {
    generation,
    channels: new Map(channels.map((channel) => [channel.name, channel])),
    catalog: await store.catalog(),
    keyring: openKeyring(
      withRecord(keys, retiredKeys),
      await store.manifests(),
      await hasDevelopmentRoot(store),
      crypto,
      sealing,
    ),
  }
}

/** Set by `init` when it makes a development root. */
export const DEVELOPMENT_ROOT = 'development_root'

const hasDevelopmentRoot = async (store: Store): Promise<boolean> =>
  (await store.setting(DEVELOPMENT_ROOT)) !== null

function openChannel(stored: StoredChannel, pages: Pages, sealing: Sealing): Channel {
  const { name, kind, timeZone, windows } = stored
  const keys = stored.keys.map(({ id, sealed }) => ({
    id,
    secret: sealing.open(accessKeyPurpose(id), sealed),
  }))
  return { name, kind, timeZone, windows, keys, openApi: openOpenApi(sealing, name, stored.openApi), pages }
}

/** What an access key is sealed as; a value sealed for anything else does not open in its place. */
export const accessKeyPurpose = (keyId: string): string => `access-key:${keyId}`
