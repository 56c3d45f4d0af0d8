import { StoreError } from './errors.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { readSchemaVersion } from './schema-version.ts'

/** One file of `migrations/`: what makes a database of the version before into one of `version`. */
export interface Migration {
  readonly version: number
  readonly name: string
  /**
   * Ends by setting `schema_version`; above version 3 it sets `oldest_program` just before, the version of the oldest
   * program that may work with the database from then on. Begins and commits nothing itself.
   */
  readonly sql: string
  /** What it means for whoever runs the service, in a few sentences. */
  readonly meaning: string
  /** No server may run meanwhile: what servers of the version before write or read, this one changes. */
  readonly stopsServers: boolean
  /** The tables of the version before that it reads, fills, or changes. */
  readonly touches: readonly string[]
}

/**
 * What an engine has to do for migrations. Failures are thrown as `StoreError`. Another process may do the same at
 * the same time.
 */
export interface Migrator {
  /** The database as a person knows it. */
  readonly where: string
  /** The `schema_version` of its settings; null when it has none. Throws `not_initialised` where there is no table. */
  version(): Promise<string | null>
  countRows(table: string): Promise<number>
  /**
   * Runs it with its step of the version in one transaction, all or none; `moved`, with nothing done, when the
   * database has another version than the one before by then. A process that dies leaves the version before.
   */
  apply(migration: Migration): Promise<'applied' | 'moved'>
  close(): Promise<void>
}

const FILE = /^(\d{4})_(\w+)\.sql$/
const STOPS_SERVERS = /^-- No server may run meanwhile\.$/m
const TOUCHED = /\b(?:ALTER TABLE|INSERT INTO|(?<!DO )UPDATE|CREATE (?:UNIQUE )?INDEX \w+ ON)\s+(\w+)/g
const MADE = /\bCREATE TABLE (\w+)/g

/** The files of `migrations/` as names and texts. Throws for a name or a number that is not the next. */
export function readMigrations(files: readonly (readonly [name: string, sql: string])[]): Migration[] {
  const migrations = [...files].sort().map(([file, sql]) => migrationOf(file, sql))
  migrations.forEach(({ version, name }, place) => {
    if (version !== migrations[0]!.version + place) throw new Error(`migration ${name} leaves a gap`)
  })
  if (migrations.at(-1)?.version !== SCHEMA_VERSION)
    throw new Error(`the last migration must lead to version ${SCHEMA_VERSION}`)
  return migrations
}

function migrationOf(file: string, sql: string): Migration {
  const [, digits, name] = FILE.exec(file) ?? []
  if (digits === undefined || name === undefined) throw new Error(`${file} is no name of a migration`)
  const statements = sql.replace(/^\s*--.*$/gm, '')
  const made = [...statements.matchAll(MADE)].map(([, table]) => table!)
  const touched = [...statements.matchAll(TOUCHED)].map(([, table]) => table!)
  return {
    version: Number(digits),
    name,
    sql,
    meaning: meaningOf(sql),
    stopsServers: STOPS_SERVERS.test(sql),
    touches: [...new Set(touched)].filter((table) => table !== 'settings' && !made.includes(table)),
  }
}

/** The comment that the file begins with. */
function meaningOf(sql: string): string {
  const lines = sql.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('-- '))
  return lines
    .slice(0, end)
    .filter((line) => !STOPS_SERVERS.test(line))
    .map((line) => line.slice('-- '.length))
    .join(' ')
}

/**
 * What a database of this version still needs, in its order; empty when it is up to date. Throws `StoreError` when
 * it is newer than this program, belongs to another, or is older than the oldest migration.
 */
export function pendingMigrations(
  migrations: readonly Migration[],
  version: string | null,
  where: string,
): readonly Migration[] {
  const has = readSchemaVersion(version, where)
  // The first makes an empty database what the oldest release had: it brings nothing up.
  if (has >= migrations[0]!.version) return migrations.filter((migration) => migration.version > has)
  throw new StoreError(
    'older_schema',
    `The database ${where} has schema version ${has}, from before the first release: nothing brings it up.`,
  )
}
