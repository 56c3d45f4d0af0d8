import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Writes that a power cut does not take back: when a function returns, bytes and name are on the disk. */

export const PRIVATE = 0o600
export const PUBLIC = 0o644

export function makeDirectory(path: string): void {
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) syncDirectory(dirname(path))
}

/** An empty file that only its owner can read, unless there is one. SQLite gives its side files the same mode. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', PRIVATE))
}

/** Writes a file beside its place, for `putInPlace`; what an interrupted attempt left there is replaced. */
export function stage(path: string, text: string, mode: number): void {
  const file = openSync(stagedAt(path), 'w', mode)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  syncDirectory(dirname(path))
}

/** Gives a staged file its name. Never replaces a file; false, and nothing changed, where there is one. */
export function putInPlace(path: string): boolean {
  if (existsSync(path)) return false
  renameSync(stagedAt(path), path)
  syncDirectory(dirname(path))
  return true
}

export const stagedAt = (path: string): string => `${path}.new`

function syncDirectory(path: string): void {
  // Windows knows no such thing as syncing a directory.
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
