import { existsSync, readFileSync, rmSync } from 'node:fs'
import { DEVELOPMENT_ROOT } from '../authority/configuration.ts'
import type { Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { developmentRootPurpose } from '../authority/purposes.ts'
import type { DevelopmentRootFile } from '../cli/shell.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { type RootKey, readManifest } from '../format/root-manifest.ts'
import type { Config } from './config.ts'
import { filesOf } from './files.ts'

/** The root that `init` made here, as the database names it; its private part is opened only when asked for. */
export async function developmentRootFile(
  config: Config,
  store: Store,
  sealing: Sealing,
): Promise<DevelopmentRootFile> {
  const file = filesOf(config).developmentRoot
  const root = await rootKey(store)
  return {
    open() {
      if (root === null || !existsSync(file)) return null
      const sealed = readFileSync(file, 'utf8').trim()
      const privateKey = sealing.open(developmentRootPurpose(root.kid), sealed)
      return { ...root, signer: nodeCrypto.signer(privateKey, root.publicKey) }
    },
    destroy() {
      rmSync(file, { force: true })
    },
  }
}

async function rootKey(store: Store): Promise<RootKey | null> {
  const kid = await store.setting(DEVELOPMENT_ROOT)
  if (kid === null) return null
  const chain = (await store.manifests()).map((text) => readManifest(text, nodeCrypto.sha256))
  return chain.flatMap((read) => read?.manifest.keys ?? []).find((key) => key.kid === kid) ?? null
}
