import { existsSync, readFileSync } from 'node:fs'
import { DEVELOPMENT_ROOT } from '../authority/configuration.ts'
import type { Ambient, Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { developmentRootPurpose } from '../authority/purposes.ts'
import { resealAll } from '../authority/reseal.ts'
import type { ResealOrder, ResealRefusal, ResealReport } from '../cli/shell.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { PRIVATE, replaceFile } from './disk.ts'
import { filesOf } from './files.ts'
import { openAlone } from './guarded-store.ts'
import { settle } from './init-files.ts'
import {
  checkMasterKey,
  isMarkedBy,
  keepMasterKeys,
  masterKeyMark,
  masterKeys,
  newMasterKey,
  sealingOf,
} from './master-key.ts'
import { sealingUnder } from './sealing.ts'
import { refuseUnfinished } from './unfinished.ts'

/** Set from the first step to the last, so that a change that was interrupted is recorded once. */
const UNDER_WAY = 'resealing'

/**
 * Seals everything of an instance under a new master key: made here and kept in its file, or the first of two that
 * LICET_MASTER_KEY gives. Both keys are there until nothing is sealed under the old one, so that it can be
 * interrupted anywhere and run again; an instance left between the two serves. At the end neither the database nor
 * its log holds anything that the old key opens. Throws `CannotStart` when the key is missing or a wrong one.
 */
export async function reseal(
  config: Config,
  ambient: Ambient,
  order: ResealOrder,
): Promise<Result<ResealReport, ResealRefusal>> {
  const guarded = await openAlone(config, ambient)
  if (guarded === null) return no({ reason: 'in_use' })
  try {
    return await resealAlone(config, ambient, guarded.store, order)
  } finally {
    await guarded.release()
  }
}

async function resealAlone(
  config: Config,
  ambient: Ambient,
  store: Store,
  order: ResealOrder,
): Promise<Result<ResealReport, ResealRefusal>> {
  await refuseUnfinished(store)
  const keys = masterKeys(config)
  const isInFile = config.masterKey === null
  if (!isInFile && keys.previous === null) return no({ reason: 'one_key_in_environment' })
  await checkMasterKey(store, sealingOf(config, ambient))
  if ((await store.keys()).length === 0)
    throw new CannotStart(`${config.data} has no keys yet; run "licet init" first.`)
  const current = keys.previous === null ? newMasterKey(ambient) : keys.current
  const previous = keys.previous ?? keys.current
  const [next, before] = [sealingUnder(current, ambient), sealingUnder(previous, ambient)]
  const masterKeyFile = isInFile ? filesOf(config).masterKey : null
  const walk = () => resealAll(store, before, next, order.dryRun, (done) => order.progress({ done }))
  if (order.dryRun) return yes({ ...(await walk()), masterKeyFile })

  await finishInit(config, store, () => sealingOf(config, ambient))
  if (isInFile) keepMasterKeys(config, { current, previous })
  // First of all, so that an old key alone is noticed as a wrong one as soon as anything is under the new.
  await begin(store, next, ambient, order)
  const found = await walk()
  await resealDevelopmentRoot(config, store, before, next)
  await end(store, ambient, order, found.resealed)
  order.progress('compacting')
  await store.compact()
  if (isInFile) keepMasterKeys(config, { current, previous: null })
  return yes({ ...found, masterKeyFile })
}

/** What an init that was interrupted left beside its place is sealed as well. */
async function finishInit(config: Config, store: Store, sealing: () => Sealing): Promise<void> {
  settle(config, await store.manifests(), await store.setting(DEVELOPMENT_ROOT), sealing)
}

async function begin(store: Store, next: Sealing, ambient: Ambient, { by }: ResealOrder): Promise<void> {
  if (await isMarkedBy(store, next)) return
  const settings = { ...masterKeyMark(next), [UNDER_WAY]: 'yes' }
  await store.changeKeys({ settings, events: [], by, at: ambient.now() })
}

async function end(store: Store, ambient: Ambient, { by }: ResealOrder, resealed: number): Promise<void> {
  if ((await store.setting(UNDER_WAY)) === null) return
  const event = { kid: null, type: 'resealed', detail: { resealed } } as const
  await store.changeKeys({ settings: { [UNDER_WAY]: null }, events: [event], by, at: ambient.now() })
}

async function resealDevelopmentRoot(
  config: Config,
  store: Store,
  before: Sealing,
  next: Sealing,
): Promise<void> {
  const file = filesOf(config).developmentRoot
  const kid = await store.setting(DEVELOPMENT_ROOT)
  if (kid === null || !existsSync(file)) return
  const purpose = developmentRootPurpose(kid)
  const sealed = readFileSync(file, 'utf8').trim()
  if (opens(next, purpose, sealed)) return
  replaceFile(file, `${next.seal(purpose, before.open(purpose, sealed))}\n`, PRIVATE)
}

function opens(sealing: Sealing, purpose: string, sealed: string): boolean {
  try {
    sealing.open(purpose, sealed)
    return true
  } catch {
    return false
  }
}
