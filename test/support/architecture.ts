import { posix } from 'node:path'
import { readSource } from './source.ts'

/** One breach of the house rules: which rule, where, and what was found. */
export interface Breach {
  readonly rule: Rule
  readonly path: string
  readonly found: string
}

export type Rule =
  | 'room'
  | 'floor'
  | 'package home'
  | 'builtin home'
  | 'ambience'
  | 'extension'
  | 'size'
  | 'median'

/** Design 2: a file imports only from a lower floor or from its own folder. */
const FLOORS: Readonly<Record<string, number>> = {
  runtime: 4,
  http: 3,
  cli: 3,
  console: 3,
  marketplace: 3,
  store: 3,
  crypto: 3,
  authority: 2,
  domain: 1,
  verify: 1,
  format: 0,
}

/** The only floor with a clock and randomness of its own. */
const CLOCK_FLOOR = 4

/** Each npm package has one home; a prefix of the path under src. A package not named here has none. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  kysely: ['store/'],
  'better-sqlite3': ['store/'],
  pg: ['store/'],
  hono: ['http/', 'console/', 'runtime/'],
  '@hono/node-server': ['runtime/'],
  commander: ['cli/'],
  pino: ['runtime/'],
  tweetnacl: ['verify/fallback.ts'],
}

const BUILTIN_HOMES = ['crypto/', 'store/', 'cli/', 'runtime/', 'verify/node.ts']

const LONGEST_FILE = 250
const MEDIAN_BELOW = 100

/** Every breach in a tree of sources, given as path (`src/room/file.ts`) → text; in the order of the map. */
export function breaches(tree: ReadonlyMap<string, string>): readonly Breach[] {
  return [...[...tree].flatMap(([path, text]) => ofFile(path, text)), ...ofSizes(tree)]
}

function ofFile(path: string, text: string): readonly Breach[] {
  if (floorOf(path) === undefined) return [{ rule: 'room', path, found: roomOf(path) }]
  const { imports, ambience } = readSource(path, text)
  return [
    ...imports.flatMap((specifier) => ofImport(path, specifier)),
    ...(floorOf(path) === CLOCK_FLOOR
      ? []
      : ambience.map((found): Breach => ({ rule: 'ambience', path, found }))),
  ]
}

function ofImport(path: string, specifier: string): readonly Breach[] {
  if (specifier.startsWith('.')) return ofRelativeImport(path, specifier)
  if (specifier.startsWith('node:')) {
    return livesIn(path, BUILTIN_HOMES) ? [] : [{ rule: 'builtin home', path, found: specifier }]
  }
  const homes = PACKAGE_HOMES[packageOf(specifier)] ?? []
  return livesIn(path, homes) ? [] : [{ rule: 'package home', path, found: specifier }]
}

function ofRelativeImport(path: string, specifier: string): readonly Breach[] {
  const target = posix.join(posix.dirname(path), specifier)
  const breached: Breach[] = []
  if (!specifier.endsWith('.ts')) breached.push({ rule: 'extension', path, found: specifier })
  if (!mayImport(path, target)) breached.push({ rule: 'floor', path, found: specifier })
  return breached
}

function mayImport(path: string, target: string): boolean {
  const [from, to] = [floorOf(path), floorOf(target)]
  return from !== undefined && to !== undefined && (roomOf(path) === roomOf(target) || to < from)
}

function ofSizes(tree: ReadonlyMap<string, string>): readonly Breach[] {
  const sizes = [...tree].map(([path, text]) => ({ path, lines: text.trimEnd().split('\n').length }))
  const long = sizes.filter(({ lines }) => lines > LONGEST_FILE)
  const median = medianOf(sizes.map(({ lines }) => lines))
  return [
    ...long.map(({ path, lines }): Breach => ({ rule: 'size', path, found: `${lines} lines` })),
    ...(median < MEDIAN_BELOW ? [] : [{ rule: 'median', path: 'src', found: `${median} lines` } as const]),
  ]
}

/** The upper of the two middle ones where there are two. */
function medianOf(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

/** `src/domain/time.ts` → `domain`; a file right under src, or outside it, has no room on any floor. */
function roomOf(path: string): string {
  const [src, room, file] = path.split('/')
  return src === 'src' && file !== undefined ? room! : path
}

const floorOf = (path: string): number | undefined =>
  Object.hasOwn(FLOORS, roomOf(path)) ? FLOORS[roomOf(path)] : undefined

const livesIn = (path: string, homes: readonly string[]): boolean =>
  homes.some((home) => (home.endsWith('/') ? path.startsWith(`src/${home}`) : path === `src/${home}`))

/** `hono/body-limit` → `hono`, `@hono/node-server/serve-static` → `@hono/node-server`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
