import { existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Audience, type OutFile, Unreadable } from '../cli/shell.ts'
import { PRIVATE, PUBLIC, putInPlace, stage, stagedAt, syncDirectory } from './disk.ts'

/** Files that a command hands to its person, outside of the data directory. Nothing is ever replaced. */

const MODES: Readonly<Record<Audience, number>> = { public: PUBLIC, private: PRIVATE }

/** Writes a new file, whole or not at all. Throws `Unreadable` with a sentence. */
export function writeNew(path: string, text: string, audience: Audience): void {
  explained(path, () => {
    mustBeFree(path)
    // Opening what an interrupted attempt left there would keep its mode.
    rmSync(stagedAt(path), { force: true })
    stage(path, text, MODES[audience])
    if (!putInPlace(path)) mustBeFree(path)
  })
}

/** Makes a new directory with all of the files: it is filled beside its place and then given its name. */
export function writeNewDirectory(path: string, files: readonly OutFile[]): void {
  explained(path, () => {
    const place = resolve(path)
    mustBeFree(place)
    const beside = stagedAt(place)
    if (existsSync(beside)) {
      throw new Unreadable(
        `${beside} is left over from an attempt that was interrupted; nothing in it is in use. Remove it, then run this again.`,
      )
    }
    mkdirSync(beside, { mode: 0o700 })
    for (const { name, text, audience } of files) {
      stage(join(beside, name), text, MODES[audience])
      putInPlace(join(beside, name))
    }
    renameSync(beside, place)
    syncDirectory(dirname(place))
  })
}

/** Throws `Unreadable` when something has this name already. */
export function mustBeFree(path: string): void {
  // Not where a link leads: the link itself has the name.
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined) return
  const what = there.isDirectory() ? 'directory' : 'file'
  throw new Unreadable(`The ${what} ${path} exists already, and nothing is replaced; give another name.`)
}

/** Throws `Unreadable` with a sentence for what the file system says to `work`. */
export function explained<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw thrown
    const { code, message } = thrown as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? `there is no directory ${dirname(resolve(path))}` : (code ?? message)
    throw new Unreadable(`${basename(path)} cannot be written: ${why}.`)
  }
}
