import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg, { type Pool, type PoolClient } from 'pg'
import type { Store } from '../../authority/ports.ts'
import { StoreError } from '../errors.ts'
import { type Database, SCHEMA_VERSION } from '../schema.ts'
import { assertSchemaVersion } from '../schema-version.ts'
import { createStore } from '../store.ts'
import { readTarget } from './connect.ts'
import { postgresEngine } from './engine.ts'
import { isUnknownColumn, postgresError } from './errors.ts'
import { connected } from './transactions.ts'

export interface PostgresOptions {
  /** The text of `schema.sql`. */
  readonly schema: string
  /** True: an empty database gets its tables. False: it is refused with `not_initialised`. */
  readonly create: boolean
  /** A number from 0 to 1: how long contended writers pause before they try again, so that they do not meet again. */
  readonly chance: () => number
}

/** PostgreSQL 11; what speaks its protocol, such as YugabyteDB, has long said that it is 11. */
const OLDEST_SERVER = 110_000

/**
 * Opens the database at `postgres://USER:PASSWORD@HOST:PORT/DATABASE` (`readPostgresUrl` says what else the URL may hold).
 * Any number of processes may have it open. The connections are opened as they are needed and replaced when they
 * break: a server that comes back is found again without a restart. Throws `StoreError` with a sentence, which never
 * holds the password, when the database cannot be reached, read, written or trusted to be durable, or is not of this
 * program's schema.
 */
export async function openPostgres(url: string, options: PostgresOptions): Promise<Store> {
  const target = readTarget(url)
  const { where } = target
  const pool = connections(target.config)
  try {
    await prepareDatabase(pool, where, options)
    const engine = postgresEngine(pool, target, options.chance)
    const store = createStore(engine, compiler())
    await engine.checkStatements()
    await store.probe()
    return store
  } catch (thrown) {
    await pool.end()
    throw postgresError(thrown, where)
  }
}

/** What breaks on a connection is thrown by whoever uses it; an idle one is replaced when it is needed. */
function connections(config: pg.PoolConfig): Pool {
  const pool = new pg.Pool(config)
  const noted = () => {}
  pool.on('error', noted)
  pool.on('connect', (client) => void client.on('error', noted))
  return pool
}

async function prepareDatabase(pool: Pool, where: string, options: PostgresOptions): Promise<void> {
  const client = await connected(pool, where)
  try {
    await assertTrustworthy(client, where)
    await ensureSchema(client, where, options)
  } finally {
    client.release()
  }
}

async function assertTrustworthy(client: PoolClient, where: string): Promise<void> {
  const settings = new Map<string, string>()
  const { rows } = await client.query<{ name: string; setting: string }>(
    "select name, setting from pg_settings where name in ('server_version_num', 'server_version', 'server_encoding', 'synchronous_commit')",
  )
  for (const { name, setting } of rows) settings.set(name, setting)
  if (Number(settings.get('server_version_num') ?? OLDEST_SERVER) < OLDEST_SERVER)
    throw new StoreError(
      'cannot_open',
      `The database ${where} is run by PostgreSQL ${settings.get('server_version')}; the oldest that will do is ${OLDEST_SERVER / 10_000}.`,
    )
  if ((settings.get('server_encoding') ?? 'UTF8') !== 'UTF8')
    throw new StoreError(
      'cannot_open',
      `The database ${where} is encoded in ${settings.get('server_encoding')}, not in UTF8.`,
    )
  if (settings.get('synchronous_commit') === 'off')
    throw new StoreError(
      'not_durable',
      `The database ${where} says that it commits before it has (synchronous_commit = off).`,
    )
}

/** Two processes may open an empty database at once: one makes the tables, the other finds them. */
async function ensureSchema(client: PoolClient, where: string, options: PostgresOptions): Promise<void> {
  if (await hasTables(client, where)) return
  if (!options.create)
    throw new StoreError('not_initialised', `There is no Licet database ${where}: run licet init first.`)
  try {
    await client.query(
      `begin; ${options.schema}; insert into settings (name, value) values ('schema_version', '${SCHEMA_VERSION}'); commit`,
    )
  } catch (thrown) {
    await client.query('rollback')
    if (!(await hasTables(client, where))) throw thrown
  }
}

/** True when they are of this program's version; throws when they are not its own. */
async function hasTables(client: PoolClient, where: string): Promise<boolean> {
  const { rows } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'",
  )
  if (rows.length === 0) return false
  assertSchemaVersion(rows.some(({ name }) => name === 'settings') ? await versionOf(client) : null, where)
  return true
}

/** Null when it has no such column: other programs have a table of this name too. */
async function versionOf(client: PoolClient): Promise<string | null> {
  const { rows } = await client
    .query<{ value: string }>("select value from settings where name = 'schema_version'")
    .catch(noRowsOf)
  return rows[0]?.value ?? null
}

function noRowsOf(thrown: unknown): { rows: [] } {
  if (isUnknownColumn(thrown)) return { rows: [] }
  throw thrown
}

function compiler(): Kysely<Database> {
  return new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}
