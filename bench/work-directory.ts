import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

/** Types of Linux file systems that live in memory: tmpfs, ramfs. A durable write costs nothing there. */
const IN_MEMORY = new Set([0x01021994, 0x858458f6])

export interface WorkDirectory {
  /** A new empty directory. */
  fresh(name: string): string
  remove(directory: string): void
}

/** Directories below `parent` that are removed when the process ends. Throws when they would lie in memory. */
export function workDirectory(parent: string): WorkDirectory {
  mkdirSync(parent, { recursive: true })
  if (IN_MEMORY.has(statfsSync(parent).type))
    throw new Error(`${parent} lies in memory; give a disk with --dir`)
  const own = mkdtempSync(join(parent, 'run-'))
  const remove = (directory: string) => rmSync(directory, { recursive: true, force: true })
  process.once('exit', () => remove(own))
  return { fresh: (name) => mkdtempSync(join(own, `${name}-`)), remove }
}
