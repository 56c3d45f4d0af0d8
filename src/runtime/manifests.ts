import { readFileSync } from 'node:fs'
import { Unreadable } from '../cli/shell.ts'
import type { Config } from './config.ts'
import { filesOf } from './files.ts'

/**
 * Root manifests of the data directory as JSON texts, newest last; null when there are none. Needs no database.
 * Throws `Unreadable` when the file cannot be read or is no list.
 */
export function pinnedManifests(config: Config): readonly string[] | null {
  const file = filesOf(config).manifests
  const text = textOf(file)
  return text === null ? null : listIn(file, text).map((manifest) => JSON.stringify(manifest))
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new Unreadable(`${file} cannot be read: ${code ?? message}.`)
  }
}

function listIn(file: string, text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list)) return list
  } catch {
    // The sentence below says it.
  }
  throw new Unreadable(`${file} is no list of root manifests; bring it back, or give --root FILE.`)
}
