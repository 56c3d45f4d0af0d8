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
