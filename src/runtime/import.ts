import { createReadStream, existsSync } from 'node:fs'
import type { Ambient } from '../authority/host.ts'
import { type Imported, type ImportRefusal, type ImportSource, importAll } from '../authority/move/import.ts'
import type { Store } from '../authority/ports.ts'
import type { Moves, Progress } from '../cli/moves.ts'
import { Unreadable } from '../cli/shell.ts'
import { runningSha256 } from '../crypto/running-hash.ts'
import type { Result } from '../domain/result.ts'
import type { Seconds } from '../domain/time.ts'
import { boundMemory } from './bounded-memory.ts'
import type { Config } from './config.ts'
import { makeDirectory, PRIVATE, PUBLIC, putInPlace, stage } from './disk.ts'
import { filesOf } from './files.ts'
import { manifestsText } from './init-files.ts'
import { opensCheck, sealingOf } from './master-key.ts'
import { openStore } from './open-store.ts'

export function importFrom(config: Config, ambient: Ambient): Moves['importFrom'] {
  return async (file, progress) => {
    const { store, imported } = await importInto(config, ambient, file, progress, null)
    await store.close()
    return imported
  }
}

/**
 * Takes the file into the database of the configuration, which is made when there is none, and answers with both. The master
 * key must be in its place before. `restoringAt`: the database stays unfinished until the restore has ended.
 */
export async function importInto(
  config: Config,
  ambient: Ambient,
  file: string,
  progress: Progress,
  restoringAt: Seconds | null,
): Promise<{ readonly store: Store; readonly imported: Result<Imported, ImportRefusal> }> {
  boundMemory()
  makeDirectory(config.data)
  const sealing = sealingOf(config, ambient)
  const source = sourceOf(file)
  const store = await openStore(config, 'target')
  try {
    const host = {
      hash: runningSha256,
      hasMasterKeyOf: (check: string) => opensCheck(sealing, check),
      beforeEnd: ({ developmentRoot }: { readonly developmentRoot: string | null }) =>
        putBeside(config, store, developmentRoot),
      progress,
    }
    return { store, imported: await importAll(store.moving(), source, host, restoringAt) }
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

/** Pieces of a file that are read at once. */
const PIECE_BYTES = 64 * 1024

function sourceOf(file: string): ImportSource {
  if (file === '-') return { isRepeatable: false, pieces: () => process.stdin }
  if (!existsSync(file)) throw new Unreadable(`${file} cannot be read: there is no such file.`)
  return { isRepeatable: true, pieces: () => readable(file) }
}

async function* readable(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: PIECE_BYTES })
  } catch (thrown) {
    throw new Unreadable(`${file} cannot be read: ${(thrown as NodeJS.ErrnoException).code}.`)
  }
}

/** The files that lie beside the database, unless there are any: those may know more than the file. */
async function putBeside(config: Config, store: Store, developmentRoot: string | null): Promise<void> {
  const files = filesOf(config)
  if (developmentRoot !== null) putNew(files.developmentRoot, `${developmentRoot}\n`, PRIVATE)
  putNew(files.manifests, manifestsText(await store.manifests()), PUBLIC)
}

function putNew(path: string, text: string, mode: number): void {
  if (existsSync(path)) return
  stage(path, text, mode)
  putInPlace(path)
}
