import type { Authority } from '../authority/authority.ts'
import { createConfiguration } from '../authority/configuration.ts'
import type { Ambient, Log, Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { createTurns } from '../authority/turns.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { marketplaces } from '../marketplace/registry.ts'
import { issuerOf } from './address.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { createLog } from './log.ts'
import { checkMasterKey, sealingOf } from './master-key.ts'
import { openStore } from './open-store.ts'

export interface Instance {
  readonly authority: Authority
  close(): Promise<void>
}

/**
 * Opens an instance that `init` made. Throws `CannotStart` with one sentence when there is none, when the
 * database cannot be used, or when the master key is missing or another one.
 */
export async function openInstance(config: Config, ambient: Ambient, log: Log): Promise<Instance> {
  const store = openStore(config, 'existing')
  try {
    const sealing = sealingOf(config, ambient)
    await checkMasterKey(store, sealing)
    if ((await store.keys()).length === 0)
      throw new CannotStart(`${config.data} has no keys yet; run "licet init" first.`)
    const authority = compose(config, store, sealing, ambient, log)
    // Opens every key and every access key now: a secret that does not open must stop the start, not a purchase.
    await authority.configuration.current(ambient.now())
    return { authority, close: () => store.close() }
  } catch (thrown) {
    await store.close()
    throw thrown
  }
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
  return {
    store,
    crypto: nodeCrypto,
    sealing,
    ambient,
    log,
    turns: createTurns(),
    configuration: createConfiguration(store, nodeCrypto, sealing),
    marketplaces: marketplaces(nodeCrypto),
    issuer: issuerOf(config),
  }
}
