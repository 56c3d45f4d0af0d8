import type { Seconds } from '../domain/time.ts'
import { readJson } from '../format/json.ts'
import { type LicenseFile, readLicenseFile } from '../format/license-file.ts'
import { SIGNED_JSON_DEPTH } from '../format/limits.ts'
import { asMembers, member } from '../format/members.ts'
import type { VerifyOptions } from '../verify/index.ts'
import { type MetOptions, metSince } from '../verify/since.ts'
import { readText } from './files.ts'
import { manifestTexts } from './manifests.ts'
import { done } from './output.ts'
import { withAuthority } from './program.ts'
import type { Shell } from './shell.ts'

/** What a program has met since it was shipped, as files of the command line. */
export interface MetFiles {
  readonly statement?: string
  readonly list?: string
  readonly manifests?: string
  readonly state?: string
  readonly nonce?: string
  readonly buildTime?: Seconds
}

type Met = Pick<VerifyOptions, 'certificates' | 'buildTime' | 'since'>

/**
 * Reads them. A statement and a list may each be a compact JWT or a license file that holds one, with the certificates
 * and manifests of its other lines. Throws `Unreadable` for a file that cannot be read; what is in it the verdict judges.
 */
export async function readMet(shell: Shell, root: string | undefined, given: MetFiles): Promise<Met> {
  const { nonce, buildTime } = given
  const statement = given.statement === undefined ? null : await readPart(shell, given.statement, 'statement')
  const list = given.list === undefined ? null : await readPart(shell, given.list, 'list')
  const keys = await Promise.all(
    [root, given.manifests].flatMap((path) => (path === undefined ? [] : [readText(shell, path)])),
  )
  const met = given.manifests === undefined ? [] : manifestTexts(given.manifests, keys.at(-1)!)
  const parts = [statement, list].filter((part) => part !== null)
  const manifests = [...met, ...parts.flatMap((part) => part.manifests)]
  // Only so many are looked at: what came with the object itself first.
  const certificates = [
    ...parts.flatMap((part) => part.certificates),
    ...keys.flatMap(certificatesIn),
    ...(parts.length > 0 ? await published(shell) : []),
  ]
  const since: MetOptions = {
    ...(statement && { statement: statement.text }),
    ...(list && { list: list.text }),
    ...(manifests.length > 0 && { manifests }),
    ...(given.state !== undefined && { state: (await readText(shell, given.state)).trim() }),
    ...(nonce !== undefined && { nonce }),
  }
  return {
    since: metSince(since),
    ...(certificates.length > 0 && { certificates }),
    ...(buildTime !== undefined && { buildTime }),
  }
}

interface Part extends Pick<LicenseFile, 'certificates' | 'manifests'> {
  readonly text: string
}

async function readPart(shell: Shell, path: string, kind: 'statement' | 'list'): Promise<Part> {
  const text = (await readText(shell, path)).trim()
  const read = readLicenseFile(text, shell.crypto.sha256)
  const found = read.ok ? read.file[kind] : null
  if (!read.ok || found === null) return { text, certificates: [], manifests: [] }
  return { text: found, certificates: read.file.certificates, manifests: read.file.manifests }
}

/** Arrays inside an object, as in an answer of `GET /v1/keys`. */
const DEPTH = SIGNED_JSON_DEPTH + 2

/** The certificates of an answer of `GET /v1/keys`; none of a file that holds manifests alone. */
function certificatesIn(text: string): readonly string[] {
  const read = readJson(text, { maxDepth: DEPTH, duplicates: 'refuse' })
  const members = read.ok ? asMembers(read.value) : null
  const certificates = members && member(members, 'certificates')
  return Array.isArray(certificates) ? certificates.filter((one) => typeof one === 'string') : []
}

/**
 * The certificates that the instance of the data directory publishes; none where it does not open, for whatever reason:
 * they only save giving them, and one counts when the pinned root says so. A verdict needs no database (contract 4).
 */
async function published(shell: Shell): Promise<readonly string[]> {
  let certificates: readonly string[] = []
  const look = withAuthority(shell, async (_authority, { keyring }) => {
    certificates = keyring.certificates
    return done(null, '')
  })
  await look.catch(() => undefined)
  return certificates
}
