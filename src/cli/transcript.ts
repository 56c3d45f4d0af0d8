import { rfc3339 } from '../authority/view.ts'
import { toHex, utf8 } from '../format/bytes.ts'
import type { Shell } from './shell.ts'
import { sheet } from './table.ts'

/** What was done with a root key, for the file of those who were present: no secret in it. */
export interface Transcript {
  /** As the command is called. */
  readonly what: string
  /** Further lines of the head. */
  readonly head: readonly (readonly [string, string | null])[]
  readonly signed: readonly string[]
  readonly files: readonly HashedFile[]
  readonly notes: readonly string[]
}

export interface HashedFile {
  readonly path: string
  /** SHA-256, as `sha256sum` prints it. */
  readonly sha256: string
}

export function hashed(shell: Pick<Shell, 'crypto'>, path: string, content: string | Uint8Array): HashedFile {
  const bytes = typeof content === 'string' ? utf8(content) : content
  return { path, sha256: toHex(shell.crypto.sha256(bytes)) }
}

/** The transcript as text without a line break at its end. */
export function transcriptText(shell: Shell, { what, head, signed, files, notes }: Transcript): string {
  const times: readonly (readonly [string, string])[] = [
    ['time', `${rfc3339(shell.now())} by the clock of this machine`],
    ['operator', shell.user],
    ['program', `licet ${shell.version}`],
  ]
  return [
    `Transcript: ${what}`,
    sheet([...times, ...head]),
    ...part('Signed', signed),
    ...part(
      'Files, with their SHA-256',
      files.map(({ path, sha256 }) => `${sha256}  ${path}`),
    ),
    ...part('Notes', notes),
    'Present (names and signatures):',
  ].join('\n\n')
}

const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [[`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n')]
