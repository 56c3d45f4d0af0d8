import { existsSync } from 'node:fs'
import { StoreError } from '../store/errors.ts'
import { takeLock, takeSharedLock } from '../store/sqlite/lock.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { makeDirectory, makePrivateFile } from './disk.ts'
import { filesOf } from './files.ts'

/**
 * Whoever has an instance open shares a lock, which the system gives back when the process dies; `keys reseal` wants
 * it alone. It guards one data directory on one machine.
 */

/** How long a command waits for another that is about to end, milliseconds. */
const PATIENCE = 2_000

export const RESEALING = '"licet keys reseal" is changing the master key; try again when it has ended.'

/** For everyone who opens an instance; answers with what gives the lock back. Throws `CannotStart` during a reseal. */
export function shareInstance(config: Config): () => void {
  const release = lockOf(config, takeSharedLock)
  if (release !== null) return release
  throw new CannotStart(RESEALING)
}

/** For one who must be alone; null while another process has the instance open. */
export function ownInstance(config: Config): (() => void) | null {
  return lockOf(config, takeLock)
}

function lockOf(config: Config, take: typeof takeLock): (() => void) | null {
  const path = filesOf(config).instanceLock
  try {
    makeDirectory(config.data)
    // Only when it is absent: closing a file gives back every lock that this process has on it.
    if (!existsSync(path)) makePrivateFile(path)
    return take(path, PATIENCE)
  } catch (thrown) {
    const why = thrown instanceof StoreError ? thrown.message : `${path} cannot be written.`
    throw new CannotStart(why, { cause: thrown })
  }
}
