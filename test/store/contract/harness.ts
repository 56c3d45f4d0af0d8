import type { Store } from '../../../src/authority/ports.ts'

/** An empty database of some engine; it and everything opened on it is gone when the test ends. */
export interface FreshDatabase {
  readonly store: Store
  /** Opens the same database once more, as another process would. */
  beside(): Promise<Store>
}

export type Fresh = () => Promise<FreshDatabase>
