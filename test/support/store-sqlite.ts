import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished, vi } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import type { FreshDatabase } from '../store/contract/harness.ts'

export const SCHEMA = readFileSync(new URL('../../schema.sql', import.meta.url), 'utf8')

/** The path of a database that does not exist yet, in a directory that goes when the test ends. */
export function newDatabasePath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'licet-store-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'licet.db')
}

/** Opens it, and closes it when the test ends. */
export function openedAt(path: string): Store {
  const store = openSqlite(path, { schema: SCHEMA, create: true })
  onTestFinished(() => store.close())
  return store
}

export async function freshSqlite(): Promise<FreshDatabase & { readonly path: string }> {
  const path = newDatabasePath()
  return { path, store: openedAt(path), beside: async () => openedAt(path) }
}

/** The driver's connection under a store, to hurt it. */
export function openedWithConnection(path: string): { store: Store; connection: Sqlite.Database } {
  const pragma = vi.spyOn(Sqlite.prototype, 'pragma')
  const store = openedAt(path)
  const connection = pragma.mock.contexts.at(-1) as Sqlite.Database
  pragma.mockRestore()
  return { store, connection }
}

/** Another connection, past the store. */
export function rawAt(path: string): Sqlite.Database {
  const db = new Sqlite(path)
  onTestFinished(() => void db.close())
  return db
}
