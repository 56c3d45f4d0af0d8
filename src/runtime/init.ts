import { rmSync } from 'node:fs'
import { DEVELOPMENT_ROOT } from '../authority/configuration.ts'
import { foundOn, foundUnder, newDevelopmentRoot } from '../authority/found.ts'
import type { Ambient } from '../authority/host.ts'
import type { Committed, Store } from '../authority/ports.ts'
import type { InitRefusal, InitReport } from '../cli/shell.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { StoreError } from '../store/errors.ts'
import { takeLock } from '../store/sqlite/lock.ts'
import { issuerOf } from './address.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { makeDirectory, makePrivateFile } from './disk.ts'
import { filesOf } from './files.ts'
import { leftOver, settle, stageFiles, unstageFiles } from './init-files.ts'
import { makeMasterKey, masterKeyMark, sealingOf } from './master-key.ts'
import { isThere, openStore, shownDatabase } from './open-store.ts'
import { refuseUnfinished } from './unfinished.ts'

/**
 * Makes a new instance: directory, master key, database, signing keys, and a development root unless `manifests`
 * names a root that lies elsewhere. Refuses, with nothing changed, when the database holds keys, when files of
 * another database lie there, and while another process does the same.
 *
 * Interrupted anywhere, it can be run again. The commit of the keys decides: what is before it is made anew, and
 * the files that wait beside their places are put there after it, now or by the next run.
 */
export async function init(
  config: Config,
  ambient: Ambient,
  manifests: readonly string[] | null,
): Promise<Result<InitReport, InitRefusal>> {
  makeDirectory(config.data)
  const release = lockOf(filesOf(config).lock)
  if (release === null) return no({ reason: 'under_way' })
  try {
    return await initAlone(config, ambient, manifests)
  } finally {
    release()
  }
}

/** How long another init may take before this one gives up, milliseconds. */
const PATIENCE = 5_000

function lockOf(path: string): (() => void) | null {
  try {
    makePrivateFile(path)
    return takeLock(path, PATIENCE)
  } catch (thrown) {
    if (thrown instanceof StoreError) throw new CannotStart(thrown.message, { cause: thrown })
    throw new CannotStart(`${path} cannot be written: ${(thrown as NodeJS.ErrnoException).code}.`, {
      cause: thrown,
    })
  }
}

async function initAlone(
  config: Config,
  ambient: Ambient,
  manifests: readonly string[] | null,
): Promise<Result<InitReport, InitRefusal>> {
  const database = shownDatabase(config)
  const left = leftOver(config)
  // Before the store is opened, which would make the database.
  if (left !== null && !(await isThere(config))) return no({ reason: 'left_over', file: left, database })
  const store = await openStore(config, 'new')
  try {
    await refuseUnfinished(store)
    if ((await store.keys()).length > 0) return await reported(config, ambient, store)
    if (left !== null) return no({ reason: 'left_over', file: left, database })
    if ((await found(config, ambient, store, manifests)) === 'conflict') return no({ reason: 'exists' })
    return await reported(config, ambient, store)
  } finally {
    await store.close()
  }
}

/**
 * Everything that is sealed goes into one commit. `conflict`: on another machine somebody founded the same database
 * meanwhile; what was made here for it is gone again.
 */
async function found(
  config: Config,
  ambient: Ambient,
  store: Store,
  manifests: readonly string[] | null,
): Promise<Committed> {
  const isNewKey = makeMasterKey(config, ambient)
  const sealing = sealingOf(config, ambient)
  const now = ambient.now()
  const tools = { crypto: nodeCrypto, sealing, issuer: issuerOf(config) }
  const root = manifests === null ? newDevelopmentRoot(nodeCrypto, now) : null
  const { keys, manifests: chain } = root
    ? foundOn(root, tools, now)
    : foundUnder(manifests ?? [], tools, now)
  stageFiles(config, chain, root, sealing)
  const committed = await store.changeKeys({
    add: keys,
    manifests: chain,
    settings: { ...masterKeyMark(sealing), ...(root && { [DEVELOPMENT_ROOT]: root.kid }) },
    events: keys.map(({ kid, usage }) => ({ kid, type: 'created', detail: { usage } })),
    by: { who: 'init', reason: null },
    at: now,
  })
  if (committed === 'conflict') {
    unstageFiles(config)
    if (isNewKey) rmSync(filesOf(config).masterKey)
  }
  return committed
}

/** Puts what waits in its place; `exists` when nothing of this database waited: then it was founded before. */
async function reported(
  config: Config,
  ambient: Ambient,
  store: Store,
): Promise<Result<InitReport, InitRefusal>> {
  const rootKid = await store.setting(DEVELOPMENT_ROOT)
  if (!settle(config, await store.manifests(), rootKid, () => sealingOf(config, ambient)))
    return no({ reason: 'exists' })
  const files = filesOf(config)
  return yes({
    data: config.data,
    database: shownDatabase(config),
    masterKeyFile: config.masterKey === null ? files.masterKey : null,
    developmentRootFile: rootKid === null ? null : files.developmentRoot,
    manifestsFile: files.manifests,
    keys: (await store.keys()).map(({ kid, usage, status }) => ({ kid, usage, status })),
  })
}
