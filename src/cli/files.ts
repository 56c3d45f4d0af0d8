import { readUtf8 } from '../format/bytes.ts'
import { type Shell, Unreadable } from './shell.ts'

const BYTE_ORDER_MARK = /^\ufeff/

/** The text of a file, without a byte order mark. Throws `Unreadable` when it is none, too. */
export async function readText(shell: Shell, path: string): Promise<string> {
  const text = readUtf8(await shell.read(path))
  if (text === null) throw new Unreadable(`${path} is not text in UTF-8.`)
  return text.replace(BYTE_ORDER_MARK, '')
}

/** As `readText`; null when the file cannot be read, as one that is not there. */
export async function fileIfThere(shell: Shell, path: string): Promise<string | null> {
  try {
    return await readText(shell, path)
  } catch (thrown) {
    if (thrown instanceof Unreadable) return null
    throw thrown
  }
}

/** The first line of a file, trimmed: an access key, which is never given as an argument (contract 4). */
export async function readFirstLine(shell: Shell, path: string): Promise<string> {
  const text = await readText(shell, path)
  return text.split(/\r?\n|\r/, 1)[0]!.trim()
}

/** The lines of a file, trimmed, without empty ones at its end. */
export async function readLines(shell: Shell, path: string): Promise<readonly string[]> {
  const text = await readText(shell, path)
  return text
    .trimEnd()
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
}

/** Where in a text a JSON reader stopped, as an editor counts. */
export function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`
}
