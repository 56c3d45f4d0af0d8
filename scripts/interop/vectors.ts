import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The vector files of this project, and the signatures of strict-1 beside it; null when those are not there. */
export const VECTORS = fileURLToPath(new URL('../../test/vectors', import.meta.url))
const STRICT = fileURLToPath(new URL('../../../shared/vectors/ed25519_expected_strict.json', import.meta.url))
export const strictVectors = (): string | null => (existsSync(STRICT) ? STRICT : null)

/** The lists of each file that every runner goes through. Lists and license files are no part of a verifier. */
const READING: Readonly<Record<string, readonly string[]>> = {
  'base64url.json': ['good', 'bad'],
  'crockford.json': ['folded', 'refused'],
  'license-code.json': ['good', 'bad'],
  'key-certificate.json': ['good', 'bad', 'coverage'],
  'license-text.json': ['good', 'bad'],
  'root-manifest.json': ['good', 'bad'],
  'statement.json': ['good', 'bad'],
  'verdicts.json': ['cases'],
  'verdicts-since.json': ['cases'],
}

type Entry = Readonly<Record<string, unknown>>

/**
 * How many vectors of each file a runner must account for, equal, different or left out for a reason. A statement
 * beside a license text is judged for itself too, unless a revocation list stands there.
 */
export function vectorCounts(strict: string | null): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [name, lists] of Object.entries(READING)) {
    const file = read(join(VECTORS, name)) as Readonly<Record<string, readonly Entry[]>>
    counts.set(
      name,
      lists.map((list) => file[list]?.length ?? 0).reduce((sum, length) => sum + length),
    )
  }
  const { cases } = read(join(VECTORS, 'verdicts-since.json')) as { readonly cases: readonly Entry[] }
  counts.set(
    'verdicts-since.json statements',
    cases.filter((one) => 'statement' in one && !('list' in one)).length,
  )
  if (strict !== null) counts.set('strict-1', (read(strict) as readonly unknown[]).length)
  return counts
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
