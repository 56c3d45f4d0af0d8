import { once } from 'node:events'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { PRIVATE, stagedAt, syncDirectory } from './disk.ts'
import { explained, mustBeFree } from './out-files.ts'

/** Where a long output goes, piece by piece. */
export interface OutStream {
  /** Settles when more may come. */
  write(bytes: Uint8Array): Promise<void>
  /** Keeps it. */
  end(): Promise<void>
  /** What was written is of no use. */
  discard(): void
}

/**
 * A file for its owner alone, whole and on the disk or not there: it is written beside its place. Nothing is replaced.
 * Throws `Unreadable` with a sentence.
 */
export function newFile(path: string): OutStream {
  const place = resolve(path)
  const file = explained(path, () => {
    mustBeFree(place)
    // What an interrupted attempt left; opening it would keep its mode.
    rmSync(stagedAt(place), { force: true })
    return openSync(stagedAt(place), 'wx', PRIVATE)
  })
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(file)
    isOpen = false
  }
  return {
    async write(bytes) {
      explained(path, () => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
      })
    },
    async end() {
      explained(path, () => {
        fsyncSync(file)
        close()
        mustBeFree(place)
        renameSync(stagedAt(place), place)
        syncDirectory(dirname(place))
      })
    },
    discard() {
      close()
      rmSync(stagedAt(place), { force: true })
    },
  }
}

export function standardOutput(): OutStream {
  return {
    async write(bytes) {
      if (!process.stdout.write(bytes)) await once(process.stdout, 'drain')
    },
    end: async () => undefined,
    discard: () => undefined,
  }
}
