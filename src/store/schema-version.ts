import { StoreError } from './errors.ts'
import { SCHEMA_VERSION } from './schema.ts'

/**
 * Throws `StoreError` with one sentence unless a database is of this program's schema. `version` is what its settings
 * say under `schema_version`; undefined or null when they say nothing. `where` names the database as a person knows it.
 */
export function assertSchemaVersion(version: string | null | undefined, where: string): void {
  const has = readSchemaVersion(version, where)
  if (has === SCHEMA_VERSION) return
  throw new StoreError('older_schema', `${hasText(where, has)}: back it up, then run licet migrate --apply.`)
}

/**
 * As `assertSchemaVersion`, for a program that is begun when nobody asked for it: it serves a newer schema, too, where
 * `oldestProgram`, what the settings say under `oldest_program`, is not above its own version (decision 0016).
 */
export function assertServedSchema(
  version: string | undefined,
  oldestProgram: string | undefined,
  where: string,
): void {
  const [has, oldest] = [numberIn(version), numberIn(oldestProgram)]
  if (has !== null && oldest !== null && has > SCHEMA_VERSION && oldest <= SCHEMA_VERSION) return
  assertSchemaVersion(version, where)
}

/** As a number, not above this program's. Throws `StoreError` as `assertSchemaVersion` does. */
export function readSchemaVersion(version: string | null | undefined, where: string): number {
  const has = numberIn(version)
  if (has === null) throw new StoreError('cannot_open', `The database ${where} belongs to another program.`)
  if (has > SCHEMA_VERSION) throw new StoreError('newer_schema', `${hasText(where, has)}: use a newer Licet.`)
  return has
}

const numberIn = (text: string | null | undefined): number | null =>
  /^\d{1,9}$/.test(text ?? '') ? Number(text) : null

const hasText = (where: string, version: number): string =>
  `The database ${where} has schema version ${version}, this program knows ${SCHEMA_VERSION}`
