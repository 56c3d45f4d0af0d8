import { statSync } from 'node:fs'
import { StoreError } from '../errors.ts'

/**
 * Watches whether the name of a database still leads to the file that was opened. A file that somebody removed or
 * replaced goes on taking writes for whoever has it open, and with the last of them they are gone: a sale written
 * there must not be told as sold. Answers with null, or with what is wrong; once the file is back, with null again.
 */
export function watchPlace(path: string): () => StoreError | null {
  const opened = fileAt(path)
  return () => {
    if (fileAt(path) === opened) return null
    const what = `The database ${path} was moved, removed or replaced; put it back, or start again with the one there.`
    return new StoreError('moved', what)
  }
}

function fileAt(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev}:${found.ino}`
}
