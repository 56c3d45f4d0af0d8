import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Store } from '../../authority/ports.ts'
import { StoreError } from '../errors.ts'
import { SCHEMA_VERSION } from '../schema.ts'
import { assertSchemaVersion } from '../schema-version.ts'
import { sqliteCompiler } from '../sqlite-compiler.ts'
import { createStore } from '../store.ts'
import { sqliteEngine } from './engine.ts'
import { notInitialised, storeError } from './errors.ts'
import { BUSY_TIMEOUT_MS } from './group-commit.ts'

export interface SqliteOptions {
  /** The text of `schema.sql`. */
  readonly schema: string
  /** True: a missing or empty database gets its tables. False: it is refused with `not_initialised`. */
  readonly create: boolean
  /** It is filled once, in bounded memory: nothing of the file is mapped. */
  readonly unmapped?: boolean
}

/** How long opening waits for a writer in another process, milliseconds; nothing else has to run yet. */
const OPENING_TIMEOUT_MS = 3_000

/** As much of the file as SQLite can map, just under 2 GiB; what is beyond is read as usual. */
const MAPPED_BYTES = 0x7fff0000

/** Pages the log grows by before it is written back, 16 MiB: many purchases touch the same pages. */
const CHECKPOINT_PAGES = 4_096

/**
 * Page cache, 8 MiB: what the log holds and what is written. Reads go to the mapped file; and after a balanced
 * tree page SQLite looks through the whole cache at every commit, so a large one makes every sale dearer.
 */
const CACHE_KIB = 8_192

/**
 * Opens the embedded database. Several processes may have it open; one writes at a time. Throws `StoreError`
 * with a sentence when it cannot be opened, written or trusted to be durable, or is newer than this program.
 */
export function openSqlite(path: string, options: SqliteOptions): Store {
  if (!options.create && !existsSync(path)) throw notInitialised(path)
  const db = connect(path)
  try {
    prepareConnection(db)
    if (options.unmapped) db.pragma('mmap_size = 0')
    ensureSchema(db, path, options)
    assertDurable(db, path)
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    return createStore(sqliteEngine(db, path), sqliteCompiler())
  } catch (thrown) {
    db.close()
    throw storeError(thrown, path)
  }
}

function connect(path: string): Sqlite.Database {
  try {
    return new Sqlite(path, { timeout: OPENING_TIMEOUT_MS })
  } catch (thrown) {
    throw thrown instanceof TypeError
      ? new StoreError('cannot_open', `The directory of the database ${path} does not exist.`, thrown)
      : storeError(thrown, path)
  }
}

/** None of these is kept in the file but the journal mode: they are set on every opening. */
function prepareConnection(db: Sqlite.Database): void {
  db.pragma('journal_mode = WAL')
  // Explicitly: left to itself, WAL falls back to NORMAL with the first write, and a power cut takes sales back.
  db.pragma('synchronous = FULL')
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.pragma(`cache_size = -${CACHE_KIB}`)
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  // Pages are read where the system holds them, not copied one by one: among a million licenses a look-up then
  // costs what it costs among thousands. The price: a disk that fails to read ends the process.
  db.pragma(`mmap_size = ${MAPPED_BYTES}`)
}

/** One transaction, so that of two processes that open an empty database one makes it and the other finds it. */
function ensureSchema(db: Sqlite.Database, path: string, { schema, create }: SqliteOptions): void {
  const ensure = db.transaction(() => {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all()
    if (tables.includes('settings')) return checkVersion(db, path)
    if (tables.length > 0) throw foreign(path)
    if (!create) throw notInitialised(path)
    db.exec(schema)
    db.prepare("INSERT INTO settings (name, value) VALUES ('schema_version', ?)").run(String(SCHEMA_VERSION))
  })
  ensure.immediate()
}

function checkVersion(db: Sqlite.Database, path: string): void {
  const version = db.prepare("SELECT value FROM settings WHERE name = 'schema_version'").pluck().get()
  assertSchemaVersion(version as string | undefined, path)
}

const foreign = (path: string): StoreError =>
  new StoreError('cannot_open', `The database ${path} belongs to another program.`)

/** Reads the setting back after a write: before the first one it may tell what will not be so. */
function assertDurable(db: Sqlite.Database, path: string): void {
  db.transaction(() => {
    db.prepare("INSERT INTO settings (name, value) VALUES ('probe', '')").run()
    db.prepare("DELETE FROM settings WHERE name = 'probe'").run()
  }).immediate()
  const synchronous = db.pragma('synchronous', { simple: true })
  if (synchronous === 2) return
  throw new StoreError(
    'not_durable',
    `The database ${path} writes with synchronous = ${synchronous}, not 2 (FULL).`,
  )
}
