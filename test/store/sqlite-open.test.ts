import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { StoreError } from '../../src/store/errors.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { openSqlite } from '../../src/store/sqlite/open.ts'
import { newDatabasePath, openedAt, openedWithConnection, rawAt, SCHEMA } from '../support/store-sqlite.ts'
import { purchase } from './contract/samples.ts'

function refusal(path: string, create = true): StoreError {
  try {
    openSqlite(path, { schema: SCHEMA, create }).close()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(StoreError)
    return thrown as StoreError
  }
  throw new Error('it was opened')
}

describe('opening the embedded database', () => {
  it('keeps every write durable: synchronous is still FULL after the first one, on every opening', async () => {
    const path = newDatabasePath()
    for (const _opening of ['first', 'second']) {
      const { store, connection } = openedWithConnection(path)
      await store.commit(purchase(1))
      expect(connection.pragma('synchronous', { simple: true })).toBe(2)
      expect(connection.pragma('journal_mode', { simple: true })).toBe('wal')
      expect(connection.pragma('foreign_keys', { simple: true })).toBe(1)
      expect(connection.pragma('trusted_schema', { simple: true })).toBe(0)
      expect(connection.pragma('busy_timeout', { simple: true })).toBe(50)
      await store.close()
    }
  })

  it('refuses a connection that does not write through to the disk', () => {
    const original = Sqlite.prototype.pragma
    const pragma = vi.spyOn(Sqlite.prototype, 'pragma').mockImplementation(function (
      this: Sqlite.Database,
      text,
      options,
    ) {
      return text === 'synchronous = FULL' ? undefined : original.call(this, text, options)
    })
    onTestFinished(() => pragma.mockRestore())
    expect(refusal(newDatabasePath())).toMatchObject({ code: 'not_durable' })
  })

  it('makes the tables once', () => {
    const path = newDatabasePath()
    openedAt(path)
    openedAt(path)
    const version = rawAt(path)
      .prepare("SELECT value FROM settings WHERE name = 'schema_version'")
      .pluck()
      .get()
    expect(version).toBe(String(SCHEMA_VERSION))
  })

  it('refuses a missing database unless it may make one', () => {
    const path = newDatabasePath()
    expect(refusal(path, false)).toMatchObject({
      code: 'not_initialised',
      message: expect.stringContaining(path),
    })
    expect(existsSync(path)).toBe(false)
  })

  it('refuses an empty file unless it may make a database of it', () => {
    const path = newDatabasePath()
    writeFileSync(path, '')
    expect(refusal(path, false)).toMatchObject({ code: 'not_initialised' })
    openedAt(path)
  })

  it('refuses a database of a newer program, in a sentence, and leaves it as it is', async () => {
    const path = newDatabasePath()
    await openedAt(path).close()
    const newer = String(SCHEMA_VERSION + 1)
    rawAt(path).prepare("UPDATE settings SET value = ? WHERE name = 'schema_version'").run(newer)
    const refused = refusal(path)
    expect(refused.code).toBe('newer_schema')
    expect(refused.message).toMatch(new RegExp(`version ${newer}.*newer Licet`))
  })

  it('refuses a database from before the first release, which no column list fits', async () => {
    const path = newDatabasePath()
    await openedAt(path).close()
    rawAt(path).prepare("UPDATE settings SET value = '1' WHERE name = 'schema_version'").run()
    expect(refusal(path)).toMatchObject({ code: 'older_schema' })
  })

  it('refuses a database of another program', () => {
    const path = newDatabasePath()
    rawAt(path).exec('CREATE TABLE notes (text TEXT)')
    expect(refusal(path)).toMatchObject({ code: 'cannot_open' })
    const settings = newDatabasePath()
    rawAt(settings).exec('CREATE TABLE settings (name TEXT, value TEXT)')
    expect(refusal(settings)).toMatchObject({ code: 'cannot_open' })
  })

  it('refuses a file that is no database', () => {
    const path = newDatabasePath()
    writeFileSync(path, 'x'.repeat(8_192))
    expect(refusal(path)).toMatchObject({
      code: 'damaged',
      message: `The file ${path} is not an SQLite database.`,
    })
  })

  it('refuses a damaged database', async () => {
    const path = newDatabasePath()
    await openedAt(path).close()
    const db = new Sqlite(path)
    const pages = db.pragma('page_count', { simple: true }) as number
    db.close()
    writeFileSync(path, Buffer.alloc(4_096 * (pages - 1), 0xff), { flag: 'r+' })
    expect(refusal(path)).toMatchObject({ code: 'damaged' })
  })

  it('refuses a directory, and a path in a directory that is not there', () => {
    const path = newDatabasePath()
    mkdirSync(path)
    expect(refusal(path)).toMatchObject({ code: 'cannot_open' })
    const nowhere = join(dirname(path), 'nowhere', 'licet.db')
    expect(refusal(nowhere)).toMatchObject({
      code: 'cannot_open',
      message: expect.stringMatching(/directory/),
    })
  })
})
