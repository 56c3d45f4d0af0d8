import type pg from 'pg'
import { StoreError } from '../errors.ts'
import type { Migration, Migrator } from '../migrations.ts'
import { readTarget, unhurried } from './connect.ts'
import { isLockTimeout, postgresError } from './errors.ts'

/**
 * How often a migration is tried whose lock a running transaction does not give up within the time for locks: while
 * it waits, everybody behind it waits as well, so it does not wait longer at a time.
 */
const MOST_TRIES = 30

const VERSION = "select value from settings where name = 'schema_version'"
const TABLES =
  'select table_name as name from information_schema.tables where table_schema = current_schema()'

/** Opens the database of any version, for `licet migrate` alone. Throws `StoreError` with a sentence. */
export async function openPostgresMigrator(url: string): Promise<Migrator> {
  const target = readTarget(url)
  const { where } = target
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (thrown) {
      throw postgresError(thrown, where)
    }
  }
  const client = await attempt(() => unhurried(target))
  return {
    where,
    version: () => attempt(() => versionIn(client, where)),
    countRows: (table) =>
      attempt(async () => {
        const { rows } = await client.query<{ count: number }>(`select count(*) as count from ${table}`)
        return rows[0]!.count
      }),
    apply: (migration) => attempt(() => applied(client, migration)),
    close: () => client.end(),
  }
}

async function versionIn(client: pg.Client, where: string): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(TABLES)
  if (rows.length === 0)
    throw new StoreError('not_initialised', `There is no Licet database ${where}: run licet init first.`)
  return rows.some(({ name }) => name === 'settings') ? versionOf(client, VERSION) : null
}

async function applied(client: pg.Client, migration: Migration): Promise<'applied' | 'moved'> {
  for (let tries = 1; ; tries++) {
    try {
      return await appliedOnce(client, migration)
    } catch (thrown) {
      await client.query('rollback')
      if (!isLockTimeout(thrown) || tries === MOST_TRIES) throw thrown
    }
  }
}

/** The row of the version is locked first: of two processes the second waits, and then finds it moved. */
async function appliedOnce(client: pg.Client, { version, sql }: Migration): Promise<'applied' | 'moved'> {
  await client.query('begin')
  if (Number(await versionOf(client, `${VERSION} for update`)) !== version - 1) {
    await client.query('rollback')
    return 'moved'
  }
  await client.query(sql)
  if (Number(await versionOf(client, VERSION)) !== version)
    throw new Error(`the migration to version ${version} does not set it`)
  await client.query('commit')
  return 'applied'
}

async function versionOf(client: pg.Client, query: string): Promise<string | null> {
  const { rows } = await client.query<{ value: string }>(query)
  return rows[0]?.value ?? null
}
