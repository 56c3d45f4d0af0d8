import { existsSync } from 'node:fs'
import type { Log } from '../authority/host.ts'
import type { Config } from './config.ts'
import { makeDirectory, PUBLIC, replaceFile, stagedAt } from './disk.ts'
import { filesOf } from './files.ts'
import { manifestsText } from './init-files.ts'
import { pinnedManifests } from './manifests.ts'
import { isFile } from './open-store.ts'

/**
 * Writes the chain of the database to the public file of the data directory when it has grown. A chain that is shorter,
 * or another one, changes nothing: after a restore the file may know more than the database. Where there is no file,
 * a database on another machine gives a first one; beside an embedded database `init` has not ended then. The file is
 * a copy: that it cannot be written is logged and stops nobody.
 */
export function publishManifests(config: Config, chain: readonly string[], log: Pick<Log, 'warn'>): void {
  try {
    if (isNews(config, chain)) {
      makeDirectory(config.data)
      replaceFile(filesOf(config).manifests, manifestsText(chain), PUBLIC)
    }
  } catch (thrown) {
    const error = (thrown as NodeJS.ErrnoException).code ?? 'unknown'
    log.warn('root_manifests_not_written', { error })
  }
}

function isNews(config: Config, chain: readonly string[]): boolean {
  const { manifests } = filesOf(config)
  if (!existsSync(manifests)) return !isFile(config) && !existsSync(stagedAt(manifests))
  const known = manifestsInFile(config)
  if (known === null || chain.length <= known.length) return false
  return known.every((text, i) => text === JSON.stringify(JSON.parse(chain[i]!)))
}

/** Whether the public file knows more manifests than the database, as after a restore: they are to be imported. */
export function isBehindManifests(config: Config, chain: readonly string[]): boolean {
  return chain.length < (manifestsInFile(config)?.length ?? 0)
}

/** null also for a file that cannot be read: what it held is for its owner to bring back. */
function manifestsInFile(config: Config): readonly string[] | null {
  try {
    return pinnedManifests(config)
  } catch {
    return null
  }
}
