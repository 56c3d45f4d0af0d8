import type { Sha256 } from './bytes.ts'
import { type ObjectType, readCompact } from './jws.ts'
import { readKeyCertificates, readLicenseText, type TextFault } from './license-text.ts'
import {
  CERTIFICATES_AT_HAND,
  LICENSE_FILE_CHARACTERS,
  LIST_CHARACTERS,
  MANIFESTS_PER_CHAIN,
  STATEMENT_CHARACTERS,
} from './limits.ts'
import { readRevocations } from './revocations.ts'
import { readManifest } from './root-manifest.ts'
import { readStatement } from './statement.ts'

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

export type LicenseFileRead =
  | { readonly ok: true; readonly file: LicenseFile }
  /** `line` counts from 1. A file that is too long has no line to blame: 0. */
  | { readonly ok: false; readonly line: number; readonly why: LineFault }

/**
 * Reads a license file: one object per line, in any order; blank lines and lines that begin with `#` say nothing.
 * Blanks, tabs and carriage returns around a line, and a byte order mark before the first, are dropped. The first
 * broken line is named.
 */
export function readLicenseFile(text: string, sha256: Sha256): LicenseFileRead {
  if (text.length > LICENSE_FILE_CHARACTERS) return { ok: false, line: 0, why: 'malformed' }
  const parts: Parts = { license: null, certificates: [], manifests: [], statement: null, list: null }
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    const line = trimmed(raw)
    const why = line === '' || line.startsWith('#') ? null : addLine(parts, line, sha256)
    if (why !== null) return { ok: false, line: i + 1, why }
  }
  return { ok: true, file: parts }
}

/** The file's text: the license first, the long list last. Each part has to be one line already. */
export function writeLicenseFile({ license, certificates, manifests, statement, list }: LicenseFile): string {
  const lines = [license, ...certificates, ...manifests, statement, list].filter((line) => line !== null)
  return lines.map((line) => `${line}\n`).join('')
}

/** True for a text that may be a license file and can be no license text: it has a character no code may have. */
export function looksLikeLicenseFile(text: string): boolean {
  return text.length <= LICENSE_FILE_CHARACTERS && /[#{.]/.test(text)
}

/** Steps inwards from both ends: a pattern that does it may take time in the square of the length. */
function trimmed(line: string): string {
  const isBlank = (at: number) => ' \t\r'.includes(line.charAt(at))
  let from = 0
  let to = line.length
  while (from < to && isBlank(from)) from++
  while (to > from && isBlank(to - 1)) to--
  return line.slice(from, to)
}

interface Parts {
  license: string | null
  certificates: string[]
  manifests: string[]
  statement: string | null
  list: string | null
}

/** What kind a line is, its characters tell: a manifest is an object, a JWT has dots, codes have neither. */
function addLine(parts: Parts, line: string, sha256: Sha256): LineFault | null {
  if (line.startsWith('{')) return addManifest(parts, line, sha256)
  return line.includes('.') ? addToken(parts, line) : addCodes(parts, line, sha256)
}

function addManifest(parts: Parts, line: string, sha256: Sha256): LineFault | null {
  if (parts.manifests.length === MANIFESTS_PER_CHAIN) return 'too_many'
  if (readManifest(line, sha256) === null) return 'malformed'
  parts.manifests.push(line)
  return null
}

function addToken(parts: Parts, line: string): LineFault | null {
  if (isToken(line, 'license-statement+jwt', STATEMENT_CHARACTERS, readStatement))
    return put(parts, 'statement', line)
  if (isToken(line, 'license-revocations+jwt', LIST_CHARACTERS, readRevocations))
    return put(parts, 'list', line)
  return 'malformed'
}

function isToken(
  line: string,
  typ: ObjectType,
  longest: number,
  read: (body: Uint8Array) => unknown,
): boolean {
  const compact = readCompact(line, typ, longest)
  return compact !== null && read(compact.body) !== null
}

/** A line without a license code is one of certificates. */
function addCodes(parts: Parts, line: string, sha256: Sha256): LineFault | null {
  const certificates = readKeyCertificates(line, sha256)
  if (certificates.ok) {
    parts.certificates.push(line)
    return parts.certificates.length > CERTIFICATES_AT_HAND ? 'too_many' : null
  }
  const license = readLicenseText(line, sha256)
  if (license.ok) return put(parts, 'license', line)
  return certificates.reason === 'malformed' ? license.reason : certificates.reason
}

function put(parts: Parts, kind: 'license' | 'statement' | 'list', line: string): LineFault | null {
  if (parts[kind] !== null) return 'repeated'
  parts[kind] = line
  return null
}
