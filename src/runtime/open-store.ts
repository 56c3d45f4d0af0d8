import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Store } from '../authority/ports.ts'
import { StoreError } from '../store/errors.ts'
import type { Migrator } from '../store/migrations.ts'
import { faultOfPostgresUrl, isPostgresUrl } from '../store/postgres/url.ts'
import { ambient } from './ambient.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { makePrivateFile } from './disk.ts'

/** What the composition has to know of an engine. Another engine is another one of these, and nothing else here. */
interface Place {
  readonly name: string
  /** How LICET_DATABASE_URL names one, for a sentence; null where only `--remote` does. */
  readonly form: string | null
  /** Whether the path or URL of a database is of its form. */
  accepts(database: string): boolean
  /** What is wrong within one of its form, in a sentence; null when nothing is. */
  faultOf?(database: string): string | null
  /** A file of this machine: locks beside it say who has it open. Of other places the database itself does. */
  readonly isFile: boolean
  /** The driver is loaded by who needs it. Throws `StoreError`. */
  open(database: string, options: OpenOptions): Promise<Store>
  /** The address that the world knows, where this knows it; null where it does not. Throws `StoreError`. */
  publicUrl?(database: string, options: Pick<OpenOptions, 'operatorToken'>): Promise<string | null>
  /** For `licet migrate`; null where other tools bring the tables up. Throws `StoreError`. */
  readonly migrator: ((database: string) => Promise<Migrator>) | null
}

interface OpenOptions {
  /** For a Worker's door; null: none was given. */
  readonly operatorToken: string | null
  /** The text of `schema.sql`. */
  readonly schema: string
  /** Whether an empty database gets its tables. */
  readonly create: boolean
  /** It is about to be filled: memory stays bounded. */
  readonly unmapped: boolean
}

const SQLITE: Place = {
  name: 'sqlite',
  form: 'the path or file: URL of a SQLite database',
  accepts: (database) => !hasScheme(database),
  isFile: true,
  async open(path, options) {
    if (options.create && existsSync(dirname(path))) makePrivateFile(path)
    return (await import('../store/sqlite/open.ts')).openSqlite(path, options)
  },
  migrator: async (path) => (await import('../store/sqlite/migrator.ts')).openSqliteMigrator(path),
}

const POSTGRES: Place = {
  name: 'postgres',
  form: 'the postgres:// URL of a PostgreSQL database (in its password write @ as %40, / as %2F, ? as %3F, # as %23)',
  accepts: isPostgresUrl,
  faultOf: faultOfPostgresUrl,
  isFile: false,
  open: async (url, options) =>
    (await import('../store/postgres/open.ts')).openPostgres(url, { ...options, chance: Math.random }),
  migrator: async (url) => (await import('../store/postgres/migrator.ts')).openPostgresMigrator(url),
}

/** The database of a Worker, by its operator's door; its tables are made by wrangler. */
const REMOTE: Place = {
  name: 'remote',
  form: null,
  accepts: isWorkerUrl,
  isFile: false,
  async open(url, options) {
    const token = tokenOf(options)
    return (await import('../store/d1/remote.ts')).openRemote(url, { token, fetch, ambient })
  },
  async publicUrl(url, options) {
    const token = tokenOf(options)
    return (await import('../store/d1/remote.ts')).remotePublicUrl({ url, token, fetch })
  },
  migrator: null,
}

function tokenOf({ operatorToken }: Pick<OpenOptions, 'operatorToken'>): string {
  if (operatorToken !== null) return operatorToken
  throw new CannotStart('Give the operator token: in LICET_OPERATOR_TOKEN, or with --operator-token-file.')
}

const PLACES: readonly Place[] = [SQLITE, POSTGRES, REMOTE]
const FROM_ENVIRONMENT = PLACES.filter(({ form }) => form !== null)

/** A token is not sent in the clear, but to this machine. */
export function isWorkerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, search } = new URL(text)
  if (username !== '' || search !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** A single letter is a drive of Windows. */
const hasScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(text)

/** The path or the URL that a LICET_DATABASE_URL gives; null when it is of no known form. */
export function databaseAt(url: string): string | null {
  const database = url.startsWith('file:///') ? filePathOf(url) : url.replace(/^file:(?!\/\/)/, '')
  const isOne = database !== null && FROM_ENVIRONMENT.some((place) => place.accepts(database))
  return isOne ? database : null
}

/** All forms of a LICET_DATABASE_URL, for a sentence. */
export const databaseForms = (): string => FROM_ENVIRONMENT.map(({ form }) => form).join(', or ')

/** What is wrong within a LICET_DATABASE_URL of a known form, in a sentence that quotes no secret; null when nothing is. */
export function faultOfDatabase(url: string): string | null {
  const database = databaseAt(url)
  return (database && placeOf({ database, operatorToken: null }).faultOf?.(database)) ?? null
}

function filePathOf(url: string): string | null {
  try {
    const { search, hash } = new URL(url)
    return search === '' && hash === '' ? fileURLToPath(url) : null
  } catch {
    return null
  }
}

type At = Pick<Config, 'database' | 'operatorToken'>

function placeOf({ database }: At): Place {
  const place = PLACES.find((one) => one.accepts(database))
  if (place === undefined) throw new CannotStart('LICET_DATABASE_URL names no database of a known kind.')
  return place
}

/** The engine's name, for the log. */
export const engineOf = (config: At): string => placeOf(config).name

/** Whether the database is a file of this machine, whose directory locks it. */
export const isFile = (config: At): boolean => placeOf(config).isFile

/** The database as a person knows it: what a URL holds besides server and name may be a secret. */
export function shownDatabase(config: At): string {
  if (isFile(config)) return config.database
  const { protocol, host, pathname } = new URL(config.database)
  return `${protocol}//${host}${pathname}`
}

/** Opens the database of an instance, or makes it; throws `CannotStart` with the store's sentence. */
export async function openStore(config: At, which: 'existing' | 'new' | 'target'): Promise<Store> {
  const schema = readFileSync(new URL('../../schema.sql', import.meta.url), 'utf8')
  const options = {
    schema,
    create: which !== 'existing',
    unmapped: which === 'target',
    operatorToken: config.operatorToken,
  }
  return orCannotStart(placeOf(config).open(config.database, options))
}

/**
 * With the public URL that the place of the database itself knows: what is signed for it says that one, whatever the
 * environment of a command says. Throws `CannotStart` with the store's sentence.
 */
export async function withItsPublicUrl(config: Config): Promise<Config> {
  const publicUrl = await orCannotStart(placeOf(config).publicUrl?.(config.database, config))
  return { ...config, publicUrl: publicUrl ?? config.publicUrl }
}

async function orCannotStart<T>(opening: Promise<T> | T): Promise<T> {
  try {
    return await opening
  } catch (thrown) {
    if (thrown instanceof StoreError) throw new CannotStart(thrown.message, { cause: thrown })
    throw thrown
  }
}

/** Opens the database whatever its version is; throws `StoreError` with a sentence. */
export async function openMigrator(config: At): Promise<Migrator> {
  const { migrator } = placeOf(config)
  if (migrator === null)
    throw new CannotStart('The tables of D1 are made and changed by "npx wrangler d1 migrations apply".')
  return migrator(config.database)
}

/** Whether there is anything at all: nothing is made by looking. */
export async function isThere(config: At): Promise<boolean> {
  if (isFile(config)) return existsSync(config.database)
  try {
    await (await openStore(config, 'existing')).close()
    return true
  } catch (thrown) {
    const { cause } = thrown as Error
    if (cause instanceof StoreError && cause.code === 'not_initialised') return false
    throw thrown
  }
}
