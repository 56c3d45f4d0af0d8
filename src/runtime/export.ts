import { existsSync, readFileSync } from 'node:fs'
import { DEVELOPMENT_ROOT } from '../authority/configuration.ts'
import type { Ambient } from '../authority/host.ts'
import { type ExportFacts, exportAll } from '../authority/move/export.ts'
import type { Store } from '../authority/ports.ts'
import type { Moves } from '../cli/moves.ts'
import { runningSha256 } from '../crypto/running-hash.ts'
import { boundMemory } from './bounded-memory.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { filesOf } from './files.ts'
import { openShared } from './guarded-store.ts'
import { masterKeyCheck } from './master-key.ts'
import { newFile, standardOutput } from './out-stream.ts'
import { refuseUnfinished } from './unfinished.ts'
import { VERSION } from './version.ts'

/** Needs no master key: nothing is opened. `serve` goes on; a reseal waits until it has ended. */
export function exportTo(config: Config, ambient: Ambient): Moves['exportTo'] {
  return async (file, progress) => {
    boundMemory()
    const { store, release } = await openShared(config, ambient)
    try {
      await refuseUnfinished(store)
      const facts = await factsOf(config, store, ambient)
      const out = file === '-' ? standardOutput() : newFile(file)
      const host = {
        hash: runningSha256(),
        write: out.write,
        progress: (done: number, all: number) => progress('exporting', done, all),
      }
      try {
        const exported = await exportAll(store.moving(), facts, host)
        if (exported.ok) await out.end()
        else out.discard()
        return exported
      } catch (thrown) {
        out.discard()
        throw thrown
      }
    } finally {
      await release()
    }
  }
}

async function factsOf(config: Config, store: Store, ambient: Ambient): Promise<ExportFacts> {
  const check = await masterKeyCheck(store)
  if (check === null) throw new CannotStart(`${config.data} has no keys yet; run "licet init" first.`)
  const { developmentRoot } = filesOf(config)
  const hasRoot = (await store.setting(DEVELOPMENT_ROOT)) !== null && existsSync(developmentRoot)
  return {
    program: VERSION,
    madeAt: ambient.now(),
    masterKeyCheck: check,
    developmentRoot: hasRoot ? readFileSync(developmentRoot, 'utf8').trim() : null,
  }
}
