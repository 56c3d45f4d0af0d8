import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Store } from '../authority/ports.ts'
import { StoreError } from '../store/errors.ts'
import { openSqlite } from '../store/sqlite.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { makePrivateFile } from './disk.ts'

/** Opens the database of an instance, or makes it; throws `CannotStart` with the store's sentence. */
export function openStore(config: Config, which: 'existing' | 'new'): Store {
  const schema = readFileSync(new URL('../../schema.sql', import.meta.url), 'utf8')
  try {
    if (which === 'new' && existsSync(dirname(config.database))) makePrivateFile(config.database)
    return openSqlite(config.database, { schema, create: which === 'new' })
  } catch (thrown) {
    if (thrown instanceof StoreError) throw new CannotStart(thrown.message, { cause: thrown })
    throw thrown
  }
}
