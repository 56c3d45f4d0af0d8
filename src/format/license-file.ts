import type { Sha256 } from './bytes.ts'
import { CERTIFICATES_AT_HAND, LICENSE_FILE_CHARACTERS, MANIFESTS_PER_CHAIN } from './limits.ts'
import { objectsIn, type TextFault } from './objects.ts'
import { readSigned } from './signed-manifest.ts'
import { LIST, readSpoken, STATEMENT } from './spoken.ts'
import { hashed, type Steps } from './steps.ts'

/** What a license file (`.lic`) holds, each object as it was spelled. No signature was verified. */
export interface LicenseFile {
  /** One license code and its key certificates; null in a file that only brings what else is here. */
  readonly license: string | null
  /** Lines of key certificates alone, one or several in each. */
  readonly certificates: readonly string[]
  /** Root manifests as JSON texts. */
  readonly manifests: readonly string[]
  /** Compact JWT. */
  readonly statement: string | null
  /** Compact JWT. */
  readonly list: string | null
}

/** A line that is broken: why it cannot be read; or it is a second one of its kind, or one too many. */
export type LineFault = TextFault | 'repeated' | 'too_many'

/** The lines of each kind, in their order. */
export type Lines = readonly [
  licenses: readonly string[],
  certificates: readonly string[],
  manifests: readonly string[],
  statements: readonly string[],
  lists: readonly string[],
]

/** Of `Lines`, how many lines of each kind a file may have. */
const MOST = [1, CERTIFICATES_AT_HAND, MANIFESTS_PER_CHAIN, 1, 1]

/** A broken line by its number from 1. A file that is too long has no line to blame: 0. */
export type BrokenLine = readonly [line: number, why: LineFault]

/**
 * Reads a license file: one object per line, in any order; blank lines and lines that begin with `#` say nothing.
 * Blanks, tabs and carriage returns around a line, and a byte order mark before the first, are dropped. The first
 * broken line is named.
 */
export function* linesIn(text: string): Steps<Lines | BrokenLine> {
  if (text.length > LICENSE_FILE_CHARACTERS) return [0, 'malformed']
  const lines: [string[], string[], string[], string[], string[]] = [[], [], [], [], []]
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    // In one go to the last character that is no blank: a pattern for both ends takes time in the square of the length.
    const [, line = ''] = raw.match(/^[ \t\r]*([\s\S]*[^ \t\r])?/)!
    if (/^(#|$)/.test(line)) continue
    const kind = yield* kindOf(line)
    if (typeof kind === 'string') return [i + 1, kind]
    if (lines[kind]!.push(line) > MOST[kind]!) return [i + 1, MOST[kind] === 1 ? 'repeated' : 'too_many']
  }
  return lines
}

/** Which of `Lines` a line is, its characters tell: a manifest is an object, a JWT has dots, codes have neither. */
function* kindOf(line: string): Steps<number | LineFault> {
  if (line.startsWith('{')) return (yield* readSigned(line)) ? 2 : 'malformed'
  if (line.includes('.')) return readSpoken(STATEMENT, line) ? 3 : readSpoken(LIST, line) ? 4 : 'malformed'
  const certificates = yield* objectsIn(line, 0)
  if (typeof certificates !== 'string') return 1
  const license = yield* objectsIn(line, 1)
  return typeof license !== 'string' ? 0 : certificates === 'malformed' ? license : certificates
}

/** True for a text that may be a license file and can be no license text: it has a character no code may have. */
export function looksLikeLicenseFile(text: string): boolean {
  return text.length <= LICENSE_FILE_CHARACTERS && /[#{.]/.test(text)
}

export type LicenseFileRead =
  | { readonly ok: true; readonly file: LicenseFile }
  | { readonly ok: false; readonly line: number; readonly why: LineFault }

/** `linesIn` a text, at once and by name. */
export function readLicenseFile(text: string, sha256: Sha256): LicenseFileRead {
  const read = hashed(linesIn(text), sha256)
  if (read.length === 2) return { ok: false, line: read[0], why: read[1] }
  const [[license = null], certificates, manifests, [statement = null], [list = null]] = read
  return { ok: true, file: { license, certificates, manifests, statement, list } }
}

/** The file's text: the license first, the long list last. Each part has to be one line already. */
export function writeLicenseFile({ license, certificates, manifests, statement, list }: LicenseFile): string {
  const lines = [license, ...certificates, ...manifests, statement, list].filter((line) => line !== null)
  return lines.map((line) => `${line}\n`).join('')
}
