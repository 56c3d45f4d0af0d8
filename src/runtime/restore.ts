import type { Ambient } from '../authority/host.ts'
import { momentOf, raiseAll } from '../authority/move/raise.ts'
import type { Actor, Store } from '../authority/ports.ts'
import type { Moves, Progress, RestoredInPlace } from '../cli/moves.ts'
import { no, yes } from '../domain/result.ts'
import type { Seconds } from '../domain/time.ts'
import type { Config } from './config.ts'
import { openAlone } from './guarded-store.ts'
import { importInto } from './import.ts'
import { checkMasterKey, sealingOf } from './master-key.ts'
import { isBehindManifests } from './publish-manifests.ts'

/** From a file into an empty database. Killed at any point it is run again; nobody can serve before it has ended. */
export function restoreFrom(config: Config, ambient: Ambient): Moves['restoreFrom'] {
  return async (file, by, progress) => {
    const { store, imported } = await importInto(config, ambient, file, progress, ambient.now())
    try {
      if (!imported.ok && imported.no.reason !== 'restoring') return imported
      const unfinished = await store.unfinished()
      if (unfinished?.type !== 'restore') throw new Error('the restore was ended by another process')
      const done = await raised(config, store, unfinished.since, by, progress)
      return yes({ ...done, imported: imported.ok ? imported.value : null })
    } finally {
      await store.close()
    }
  }
}

/** In a database that another tool brought back, or that a restore was killed in. */
export function restoreInPlace(config: Config, ambient: Ambient): Moves['restoreInPlace'] {
  return async (by, progress) => {
    const guarded = await openAlone(config, ambient)
    if (guarded === null) return no({ reason: 'in_use' })
    const { store } = guarded
    try {
      await checkMasterKey(store, sealingOf(config, ambient))
      const unfinished = await store.unfinished()
      if (unfinished?.type === 'import') return no({ reason: 'importing' })
      const since = unfinished?.since ?? momentOf(ambient.now(), await store.newestEventAt())
      await store.moving().beginRestore(since)
      return yes(await raised(config, store, since, by, progress))
    } finally {
      await guarded.release()
    }
  }
}

async function raised(
  config: Config,
  store: Store,
  since: Seconds,
  by: Actor,
  progress: Progress,
): Promise<RestoredInPlace> {
  const done = await raiseAll(store, since, by, (count) => progress('raising', count, null))
  await store.moving().endRestore()
  return { ...done, isBehindManifests: isBehindManifests(config, await store.manifests()) }
}
