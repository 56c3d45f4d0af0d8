import type { Authority } from '../authority/authority.ts'
import { createConfiguration } from '../authority/configuration.ts'
import type { Ambient, Log, Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { createTurns } from '../authority/turns.ts'
import type { DevelopmentRootFile } from '../cli/shell.ts'
import { legacyCrypto } from '../crypto/legacy.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { marketplaces } from '../marketplace/registry.ts'
import { issuerOf } from './address.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { developmentRootFile } from './development-root.ts'
import { type GuardedStore, openShared } from './guarded-store.ts'
import { createLog } from './log.ts'
import { checkMasterKey, masterKeys, sealingOf } from './master-key.ts'
import { isBehindManifests, publishManifests } from './publish-manifests.ts'
import { retiredKeysOf } from './retired-keys.ts'
import { refuseUnfinished } from './unfinished.ts'

export interface Instance {
  readonly authority: Authority
  readonly developmentRoot: DevelopmentRootFile
  close(): Promise<void>
}

/**
 * Opens an instance that `init` made. Throws `CannotStart` with one sentence when there is none, when the
 * database cannot be used, or when the master key is missing or another one.
 */
export async function openInstance(config: Config, ambient: Ambient, log: Log): Promise<Instance> {
  const guarded = await openShared(config, ambient)
  try {
    return await openOn(guarded, config, ambient, log)
  } catch (thrown) {
    await guarded.release()
    throw thrown
  }
}

async function openOn(guarded: GuardedStore, config: Config, ambient: Ambient, log: Log): Promise<Instance> {
  const { store } = guarded
  await refuseUnfinished(store)
  const sealing = sealingOf(config, ambient)
  if (masterKeys(config).previous !== null) log.warn('master_key_change_unfinished')
  await checkMasterKey(store, sealing)
  if ((await store.keys()).length === 0)
    throw new CannotStart(`${config.data} has no keys yet; run "licet init" first.`)
  const manifests = await store.manifests()
  if (isBehindManifests(config, manifests)) log.warn('database_behind_root_manifests')
  publishManifests(config, manifests, log)
  const authority = compose(config, store, sealing, ambient, log)
  // Opens every key and every access key now: a secret that does not open must stop the start, not a purchase.
  await authority.configuration.current(ambient.now())
  const developmentRoot = await developmentRootFile(config, store, sealing)
  return { authority, developmentRoot, close: () => closed(config, guarded, log) }
}

/** What a command added to the chain of root manifests is in the public file when it ends. */
async function closed(config: Config, { store, release }: GuardedStore, log: Log): Promise<void> {
  try {
    publishManifests(config, await store.manifests(), log)
  } catch {
    // The next opening does it.
  }
  await release()
}

/** As `openInstance`, for one command: it tells its person what happened by itself, so only warnings are logged. */
export function openForCommand(config: Config, ambient: Ambient): Promise<Instance> {
  return openInstance(config, ambient, createLog('warn').log)
}

export function compose(
  config: Config,
  store: Store,
  sealing: Sealing,
  ambient: Ambient,
  log: Log,
): Authority {
  const retiredKeys = retiredKeysOf(config)
  return {
    store,
    crypto: nodeCrypto,
    sealing,
    retiredKeys,
    ambient,
    log,
    turns: createTurns(),
    configuration: createConfiguration(store, nodeCrypto, sealing, retiredKeys),
    marketplaces: marketplaces(nodeCrypto, legacyCrypto),
    issuer: issuerOf(config),
  }
}
