import { StoreError, type StoreErrorCode } from '../errors.ts'

type Sentence = readonly [StoreErrorCode, (path: string) => string]

/** By extended result code, or by the primary one that it begins with, as SQLITE_IOERR_WRITE does. */
const SENTENCES: ReadonlyMap<string, Sentence> = new Map([
  ['SQLITE_CANTOPEN', ['cannot_open', (path) => `The database ${path} cannot be opened.`]],
  ['SQLITE_PERM', ['cannot_open', (path) => `The database ${path} may not be opened by this user.`]],
  ['SQLITE_NOTADB', ['damaged', (path) => `The file ${path} is not an SQLite database.`]],
  ['SQLITE_CORRUPT', ['damaged', (path) => `The database ${path} is damaged; restore it from a backup.`]],
  ['SQLITE_READONLY', ['read_only', (path) => `The database ${path} is read-only.`]],
  ['SQLITE_BUSY', ['locked', (path) => `The database ${path} is locked by another process.`]],
  ['SQLITE_LOCKED', ['locked', (path) => `The database ${path} is locked by another process.`]],
  ['SQLITE_FULL', ['full', (path) => `There is no space left for the database ${path}.`]],
  // Making room in the file that the processes share: it fails so when the disk is full.
  ['SQLITE_IOERR_SHMSIZE', ['full', (path) => `There is no space left for the database ${path}.`]],
  ['SQLITE_IOERR', ['failed', (path) => `Reading or writing the database ${path} failed.`]],
])

/** Turns whatever the driver threw into a sentence; a `StoreError` passes unchanged. */
export function storeError(thrown: unknown, path: string): StoreError {
  if (thrown instanceof StoreError) return thrown
  const extended = codeOf(thrown)
  const primary = extended.split('_').slice(0, 2).join('_')
  const [code, sentence] =
    SENTENCES.get(extended) ?? SENTENCES.get(primary) ?? (['failed', () => messageOf(thrown)] as const)
  return new StoreError(code, sentence(path), thrown)
}

/** Another writer was first: some key exists already. */
export function isUniqueViolation(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

/** Another process holds the write lock; nothing was done. */
export const isBusy = (thrown: unknown): boolean => codeOf(thrown).startsWith('SQLITE_BUSY')

function codeOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : ''
  return typeof code === 'string' ? code : ''
}

const messageOf = (thrown: unknown): string =>
  `The database failed: ${thrown instanceof Error ? thrown.message : 'for an unknown reason'}.`

export const notInitialised = (path: string): StoreError =>
  new StoreError('not_initialised', `There is no Licet database at ${path}: run licet init first.`)
