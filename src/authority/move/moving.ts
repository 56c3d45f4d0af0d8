import type { License } from '../../domain/license.ts'
import type { Seconds } from '../../domain/time.ts'
import type { ExportValue } from '../../format/export-lines.ts'
import type { Committed } from '../ports.ts'

/** What it takes to carry a whole database to another one, of whatever engine. */
export interface Moving {
  /** Version of the schema. */
  readonly schema: number
  /** In an order in which every foreign key leads back. */
  readonly tables: readonly MovedTable[]
  /** The database as it is now; to be closed. */
  read(): Promise<Reading>
  /** Whether no table has a row. An import under way counts as well. */
  isEmpty(): Promise<boolean>
  unfinished(): Promise<Unfinished | null>
  /** `conflict` when somebody else began. From now on it is unfinished; `restoringSince`: as a restore. */
  begin(at: ImportPosition, restoringSince: Seconds | null): Promise<Committed>
  /**
   * All of the rows and the new position, or nothing: `conflict` when a row is there already, or the position is no more
   * that of `before`.
   */
  add(rows: readonly MovedRow[], before: ImportPosition, after: ImportPosition): Promise<Committed>
  /** What was begun is whole, but where `restoringSince` is given: then it is a restore, and unfinished still. */
  finish(before: ImportPosition, restoringSince: Seconds | null): Promise<Committed>
  /** Marks a database that was brought back by other means. Nothing where a restore is under way. */
  beginRestore(since: Seconds): Promise<void>
  endRestore(): Promise<void>
  /** Licenses, by id, whose revision was not raised by a restore since then; without those released. */
  unraised(since: Seconds, after: string | null, limit: number): Promise<readonly License[]>
}

export interface MovedTable {
  readonly name: string
  readonly columns: readonly Column[]
}

export type Column = readonly [name: string, kind: Kind]

/** What a column holds; with a question mark, or NULL. */
export type Kind = 'text' | 'integer' | 'text?' | 'integer?'

export interface MovedRow {
  readonly table: string
  /** In the order of the columns. */
  readonly values: readonly ExportValue[]
}

export interface Reading {
  /** False: what it reads later may be newer; compare `state` before and after. */
  readonly isConsistent: boolean
  state(): Promise<MovedState>
  /** The rows of a table in the order of its key, a page at a time. */
  pages(table: string): AsyncIterable<readonly Readonly<Record<string, ExportValue>>[]>
  close(): Promise<void>
}

/** Enough to tell whether anything was written: no license changes without an event, no setting without a generation. */
export interface MovedState {
  readonly generation: number
  readonly newestEventAt: Seconds | null
  readonly rows: Readonly<Record<string, number>>
}

/** Why nobody may serve a database: an import has not ended, or a restore has not raised every revision. */
export type Unfinished =
  /** `isRestore`: a restore began it, and raises every revision behind it. */
  | { readonly type: 'import'; readonly at: ImportPosition; readonly isRestore: boolean }
  | { readonly type: 'restore'; readonly since: Seconds }

/** How much of which file is in the database. */
export interface ImportPosition {
  readonly lines: number
  /** SHA-256 of those lines, lower-case hex. */
  readonly digest: string
}

/** SHA-256 as the bytes come. */
export interface RunningHash {
  update(bytes: Uint8Array): void
  /** Of all bytes so far, lower-case hex; more may follow. */
  digest(): string
}
