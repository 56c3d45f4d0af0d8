import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { DEVELOPMENT_ROOT } from '../authority/configuration.ts'
import {
  type DevelopmentRoot,
  developmentRootPurpose,
  foundOn,
  foundUnder,
  newDevelopmentRoot,
} from '../authority/found.ts'
import type { Ambient, Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import type { InitReport } from '../cli/shell.ts'
import { nodeCrypto } from '../crypto/node.ts'
import type { Config } from './config.ts'
import { filesOf } from './files.ts'
import { writeManifests } from './manifests.ts'
import { makeMasterKey, markMasterKey, sealingOf } from './master-key.ts'
import { openStore } from './open-store.ts'

/**
 * Makes a new instance: directory, master key, database, signing keys, and a development root unless
 * `manifests` names a root that lies elsewhere. Null, and nothing changed, when the database holds keys.
 * Interrupted anywhere, it can be run again: the keys are committed last.
 */
export async function init(
  config: Config,
  ambient: Ambient,
  manifests: readonly string[] | null,
): Promise<InitReport | null> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const store = openStore(config, 'new')
  try {
    if ((await store.keys()).length > 0) return null
    const masterKeyFile = makeMasterKey(config, ambient)
    const sealing = sealingOf(config, ambient)
    await markMasterKey(store, sealing)
    return await found(config, ambient, store, sealing, manifests, masterKeyFile)
  } finally {
    await store.close()
  }
}

async function found(
  config: Config,
  ambient: Ambient,
  store: Store,
  sealing: Sealing,
  manifests: readonly string[] | null,
  masterKeyFile: string | null,
): Promise<InitReport | null> {
  const now = ambient.now()
  const root = manifests === null ? newDevelopmentRoot(nodeCrypto, now) : null
  const { keys, manifests: chain } = root
    ? foundOn(root, nodeCrypto, sealing, now)
    : foundUnder(manifests ?? [], nodeCrypto, sealing, now)
  const files = filesOf(config)
  if (root) writeDevelopmentRoot(files.developmentRoot, root, sealing)
  if (root) await store.setSetting(DEVELOPMENT_ROOT, root.kid)
  writeManifests(config, chain)
  if ((await store.addKeys(keys, chain)) === 'conflict') return null
  return {
    data: config.data,
    database: config.database,
    masterKeyFile,
    developmentRootFile: root ? files.developmentRoot : null,
    manifestsFile: files.manifests,
    keys: keys.map(({ kid, usage, status }) => ({ kid, usage, status })),
  }
}

function writeDevelopmentRoot(file: string, root: DevelopmentRoot, sealing: Sealing): void {
  writeFileSync(file, `${sealing.seal(developmentRootPurpose(root.kid), root.privateKey)}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}
