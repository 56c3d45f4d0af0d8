import { addChannel, applyCatalog } from '../../src/authority/admin.ts'
import type { Authority } from '../../src/authority/authority.ts'
import type { RootSigner } from '../../src/authority/ceremony/root-signer.ts'
import { createConfiguration, DEVELOPMENT_ROOT } from '../../src/authority/configuration.ts'
import { foundOn, newDevelopmentRoot } from '../../src/authority/found.ts'
import type { Ambient, Log } from '../../src/authority/host.ts'
import type { RetiredKeys } from '../../src/authority/retired-keys.ts'
import { createTurns } from '../../src/authority/turns.ts'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { createSealing } from '../../src/crypto/sealing.ts'
import { webCrypto } from '../../src/crypto/web.ts'
import { encodeBase64url } from '../../src/format/base64url.ts'
import { marketplaces } from '../../src/marketplace/registry.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import type { D1Binding } from '../../src/store/d1/engine.ts'
import { openD1 } from '../../src/store/d1/open.ts'
import { ACCESS_KEY, CATALOG } from './instance.ts'

const ISSUER = 'https://licenses.example.com'

const KEY = new Uint8Array(32).fill(7)
/** The master key, as LICET_MASTER_KEY spells it. */
export const SEALED_UNDER = encodeBase64url(KEY)

const SEALING = createSealing(KEY, ambient.random)

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** An authority on D1 as a new isolate has it: nothing is known yet, nothing looked at. */
export function authorityOn(d1: D1Binding, clock: Ambient = ambient): Authority {
  const { store } = openD1(d1, { ambient: clock, outlive: () => undefined })
  return {
    store,
    crypto: webCrypto,
    sealing: SEALING,
    retiredKeys: NO_RECORD,
    ambient: clock,
    log: quiet,
    turns: createTurns(),
    configuration: createConfiguration(store, webCrypto, SEALING, NO_RECORD),
    marketplaces: marketplaces(webCrypto, legacyCrypto),
    issuer: ISSUER,
  }
}

const NO_RECORD: RetiredKeys = { all: () => new Set(), add: () => {}, withdraw: () => {} }

/** Keys under a development root, a channel and a catalog. */
export async function foundOnD1(d1: D1Binding, clock: Ambient = ambient): Promise<RootSigner> {
  const authority = authorityOn(d1, clock)
  const at = clock.now()
  const root = newDevelopmentRoot(webCrypto, at)
  const { keys, manifests } = foundOn(root, authority, at)
  const by = { who: 'init', reason: null }
  const settings = { [DEVELOPMENT_ROOT]: root.kid }
  await authority.store.changeKeys({ add: keys, manifests, settings, events: [], by, at })
  const channel = { name: 'huawei', kind: 'huawei', timeZone: 'UTC', accessKey: ACCESS_KEY }
  await addChannel(authority, channel)
  await applyCatalog(authority, CATALOG)
  const { kid, publicKey, privateKey } = root
  return { kid, publicKey, signer: webCrypto.signer(privateKey, publicKey) }
}
