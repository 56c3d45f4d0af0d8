import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { HistoryEntry, ParkedCall } from '../../src/authority/ports.ts'
import type { License } from '../../src/domain/license.ts'
import { type Config, readConfig } from '../../src/runtime/config.ts'
import { migrations } from './migrations.ts'

const HERE = new URL('../store/version-2/', import.meta.url)

interface Kept {
  readonly license: License
  readonly history: readonly HistoryEntry[]
  readonly text: string | null
  readonly customer: string | null
}

/** What the program of schema version 2 said of the database that it left. */
export interface Facts {
  /** Unix seconds. */
  readonly madeAt: number
  readonly accessKey: string
  readonly masterKey: string
  readonly licenses: Readonly<Record<'kept' | 'changed' | 'frozen' | 'direct' | 'met', Kept>>
  /** First answers by order, line 1. */
  readonly answers: Readonly<Record<string, string>>
  readonly testText: string
  /** A call whose replay mark is there, and its answer. */
  readonly marked: { readonly query: string; readonly body: string }
  readonly parked: readonly ParkedCall[]
}

export const FACTS: Facts = JSON.parse(readFileSync(new URL('facts.json', HERE), 'utf8'))

/** The schema of version 2, and rows as its program wrote them. */
export const VERSION_2: readonly string[] = [
  migrations()[0]!.sql,
  readFileSync(new URL('rows.sql', HERE), 'utf8'),
]

/** A directory with such a database and its master key; it goes when the test ends. */
export function instanceOfVersion2(): Config {
  const data = mkdtempSync(join(tmpdir(), 'licet-version-2-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  writeFileSync(join(data, 'master.key'), `${FACTS.masterKey}\n`, { mode: 0o600 })
  const read = readConfig({ LICET_DATA: data, LICET_PUBLIC_URL: 'https://licenses.example.com' })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const db = new Sqlite(read.config.database)
  db.pragma('journal_mode = WAL')
  for (const sql of VERSION_2) db.exec(sql)
  db.close()
  return read.config
}
