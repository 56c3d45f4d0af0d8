import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
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

/**
 * Adds a line to a file, which is made when there is none; lines that two processes add at once are both kept. What
 * an interrupted attempt left of its line stays as a line of its own.
 */
export function appendLine(path: string, line: string, mode: number): void {
  const isNew = !existsSync(path)
  const file = openSync(path, 'a', mode)
  try {
    const begun = !isNew && !readFileSync(path, 'utf8').endsWith('\n')
    writeFileSync(file, `${begun ? '\n' : ''}${line}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  if (isNew) syncDirectory(dirname(path))
}

/** Writes a file, whole or not at all; the one that was there gives way. */
export function replaceFile(path: string, text: string, mode: number): void {
  stage(path, text, mode)
  renameSync(stagedAt(path), path)
  syncDirectory(dirname(path))
}

export const stagedAt = (path: string): string => `${path}.new`

export function syncDirectory(path: string): void {
  // Windows knows no such thing as syncing a directory.
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
