import { readdirSync, readFileSync } from 'node:fs'
import { type Migration, readMigrations } from '../../src/store/migrations.ts'

export const MIGRATIONS = new URL('../../migrations/', import.meta.url)

/** Those of this checkout, the oldest first. */
export function migrations(): readonly Migration[] {
  return readMigrations(
    readdirSync(MIGRATIONS).map((name) => [name, readFileSync(new URL(name, MIGRATIONS), 'utf8')]),
  )
}
