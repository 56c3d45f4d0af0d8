import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Config } from './config.ts'
import { filesOf } from './files.ts'

/** Writes the chain of root manifests, version 1 first, as the public file that shipped software pins. */
export function writeManifests(config: Config, chain: readonly string[]): void {
  writeFileSync(filesOf(config).manifests, `[${chain.join(',\n')}]\n`, { mode: 0o644 })
}

/** Root manifests of the data directory as JSON texts, newest last; null when there are none. Needs no database. */
export function pinnedManifests(config: Config): readonly string[] | null {
  const file = filesOf(config).manifests
  if (!existsSync(file)) return null
  return (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).map((manifest) => JSON.stringify(manifest))
}
