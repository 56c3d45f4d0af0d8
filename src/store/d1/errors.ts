import { StoreError, type StoreErrorCode } from '../errors.ts'

/** By what D1 says: it has no error codes, and its messages hold names of tables and constraints but no values. */
const SENTENCES: readonly (readonly [RegExp, StoreErrorCode, string])[] = [
  [
    /no such table/,
    'not_initialised',
    'The D1 database has no tables of Licet: run wrangler d1 migrations apply first.',
  ],
  [/SQLITE_FULL|maximum DB size|disk is full/i, 'full', 'There is no space left in the D1 database.'],
  [/SQLITE_READONLY|readonly/i, 'read_only', 'The D1 database is read-only.'],
  [/SQLITE_CORRUPT|SQLITE_NOTADB/, 'damaged', 'The D1 database is damaged; restore it with Time Travel.'],
  [
    /overloaded|reset|connection lost|timed? ?out|timeout|storage operation/i,
    'failed',
    'The D1 database does not answer now.',
  ],
]

/** Turns whatever D1 threw into a sentence; a `StoreError` passes unchanged. */
export function d1Error(thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown
  const message = messageOf(thrown)
  const [, code, sentence] = SENTENCES.find(([pattern]) => pattern.test(message)) ?? []
  if (code !== undefined && sentence !== undefined) return new StoreError(code, sentence, thrown)
  return new StoreError('failed', `The D1 database failed: ${message}`, thrown)
}

/** Another writer was first, or a step met other rows than it expects. */
export function isD1Conflict(thrown: unknown): boolean {
  return /UNIQUE constraint failed|constraint failed: write_tokens_expectation/.test(messageOf(thrown))
}

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message.replace(/^D1_ERROR: /, '') : 'for an unknown reason'
