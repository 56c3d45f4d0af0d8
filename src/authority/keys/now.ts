import type { Seconds } from '../../domain/time.ts'
import { manifestOf, type RootManifest } from '../../format/root-manifest.ts'
import { createSyncVerifier } from '../../verify/index.ts'
import type { Authority } from '../authority.ts'
import { DEVELOPMENT_ROOT } from '../configuration.ts'
import type { Crypto } from '../host.ts'
import type { KeyUsage, StoredKey } from '../key-store.ts'
import { type RetiredKeys, withRecord } from '../retired-keys.ts'

/** The keys as a step in their life finds them. */
export interface KeysNow {
  readonly now: Seconds
  /** As the database has them: what a change is compared with. */
  readonly stored: readonly StoredKey[]
  /** As they count: a key that the record of retired keys names is ended, whatever the database says. */
  readonly keys: readonly StoredKey[]
  /** Root manifests as JSON texts, version 1 first. */
  readonly manifests: readonly string[]
  /** The same, verified and read: what software believes that pinned the first one and met the others. */
  readonly chain: readonly RootManifest[]
  /** Kid of the root whose private part lies on this server, or null. */
  readonly developmentRoot: string | null
}

/** Throws when the stored manifests do not hold. */
export async function keysNow(authority: Authority): Promise<KeysNow> {
  const { store, crypto, ambient, retiredKeys } = authority
  const stored = await store.keys()
  const manifests = await store.manifests()
  return {
    now: ambient.now(),
    stored,
    keys: asTheyCount(stored, retiredKeys),
    manifests,
    chain: chainOf(manifests, crypto),
    developmentRoot: await store.setting(DEVELOPMENT_ROOT),
  }
}

function asTheyCount(stored: readonly StoredKey[], retiredKeys: RetiredKeys): readonly StoredKey[] {
  const ended = retiredKeys.all()
  return withRecord(stored, retiredKeys).map((key) => (ended.has(key.kid) ? { ...key, sealed: null } : key))
}

function chainOf(manifests: readonly string[], crypto: Crypto): readonly RootManifest[] {
  const opened = createSyncVerifier(crypto).openTrustSync(manifests)
  if (!opened.ok) throw new Error(`the stored root manifests do not hold: ${opened.why}`)
  return opened.trust.manifests.map(manifestOf)
}

/** The key as it counts. */
export const keyOf = ({ keys }: KeysNow, kid: string): StoredKey | undefined =>
  keys.find((key) => key.kid === kid)

/** The key as the database has it. */
export function storedKey({ stored }: KeysNow, kid: string): StoredKey {
  const found = stored.find((key) => key.kid === kid)
  if (found === undefined) throw new Error(`key ${kid} is not stored`)
  return found
}

/** The key that signs, as it counts. */
export const activeKey = ({ keys }: KeysNow, usage: KeyUsage): StoredKey | undefined =>
  keys.find((key) => key.usage === usage && key.status === 'active')

/** Whether a kid names a signing key or a root key of this instance, whatever became of it. */
export function isInUse({ stored, chain }: KeysNow, kid: string): boolean {
  const roots = chain.flatMap(({ keys, revoked }) => [...keys, ...revoked])
  return [...stored, ...roots].some((key) => key.kid === kid)
}
