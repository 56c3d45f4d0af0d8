import type { Committed } from '../authority/ports.ts'

/** What every engine can bind and give back unchanged. Booleans are 0 and 1, times Unix seconds. */
export type SqlValue = string | number | null

/** One statement of an atomic batch. */
export interface Step {
  readonly sql: string
  readonly values: readonly SqlValue[]
  /**
   * `one`: it must change exactly one row. `none`: it is a read, and must find nothing. Otherwise the whole
   * batch is a conflict. Left out: any number of rows will do.
   */
  readonly expect?: 'one' | 'none'
}

/** What `Engine.snapshot` gives; to be closed. */
export interface View {
  /** Every read tells of the same moment. False: each tells of its own, and the reader has to find out what changed. */
  readonly isConsistent: boolean
  /** As `Engine.all`. */
  all(sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]>
  close(): Promise<void>
}

/**
 * The little that a database has to do; everything above it is the same for all of them. No interactive
 * transaction: D1 has none. Failures are thrown as `StoreError`.
 */
export interface Engine {
  /** Called once per statement, at start; throws when the database does not know a table or a column. */
  prepare(sql: string): void
  /** The first row, or undefined. */
  first(sql: string, values: readonly SqlValue[]): Promise<unknown>
  all(sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]>
  /**
   * Runs the steps in their order, all or none, and settles only when they are durable. `conflict` when a
   * unique key exists already or a step met other rows than it expects. Any other failure throws.
   */
  atomic(steps: readonly Step[]): Promise<Committed>
  /** How many values one statement may bind. */
  readonly mostValues: number
  /**
   * The database as it is now, for one who reads all of it; nobody who writes waits for that. SQLite: a connection of
   * its own with a transaction that reads. PostgreSQL: a transaction REPEATABLE READ READ ONLY on a connection of its
   * own. An engine without such a thing answers with `unsteadyView`.
   */
  snapshot(): Promise<View>
  /** Leaves nothing in the files that was deleted or replaced. Throws while another connection reads or writes. */
  compact(): Promise<void>
  /**
   * As `atomic`; what the steps delete or replace is then to be found in no file, as far as other processes let the
   * log be emptied: else the last of them to close the database does it.
   */
  erase(steps: readonly Step[]): Promise<Committed>
  /** Finishes what was accepted, then closes. */
  close(): Promise<void>
}
