import { keyCertificate } from './key-certificate.ts'
import { licenseCode } from './license-code.ts'
import { licenseFile } from './license-file.ts'
import { licenseText } from './license-text.ts'
import { revocations } from './revocations.ts'
import { rootManifest } from './root-manifest.ts'
import { statement } from './statement.ts'
import { base64url, crockford } from './symbols.ts'
import { verdicts } from './verdicts.ts'
import { verdictsSince } from './verdicts-since.ts'

/**
 * What lies in `test/vectors`, by file name. Every input is built here from text and big numbers, and every
 * expected answer is written by hand beside it: nothing of `src/` has a say.
 */
export const VECTOR_FILES: Readonly<Record<string, object>> = {
  base64url,
  crockford,
  'license-code': licenseCode,
  'key-certificate': keyCertificate,
  'license-text': licenseText,
  'root-manifest': rootManifest,
  statement,
  revocations,
  'license-file': licenseFile,
  verdicts,
  'verdicts-since': verdictsSince,
}

export const asText = (content: object): string => `${JSON.stringify(content, null, 1)}\n`
