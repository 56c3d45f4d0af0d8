import type { Config } from './config.ts'
import { PUBLIC, replaceFile } from './disk.ts'
import { filesOf } from './files.ts'
import { manifestsText } from './init-files.ts'
import { pinnedManifests } from './manifests.ts'

/**
 * Writes the chain of the database to the public file beside it when it has grown. A chain that is shorter, or another
 * one, changes nothing: after a restore the file may know more than the database. Nothing either where there is no
 * file: `init` has not ended.
 */
export function publishManifests(config: Config, chain: readonly string[]): void {
  const known = manifestsInFile(config)
  if (known === null || chain.length <= known.length) return
  const isGrown = known.every((text, i) => text === JSON.stringify(JSON.parse(chain[i]!)))
  if (isGrown) replaceFile(filesOf(config).manifests, manifestsText(chain), PUBLIC)
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
