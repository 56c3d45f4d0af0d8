import type { StoredKey } from './key-store.ts'

/**
 * The record, outside the database, of signing keys that sign no more: what was retired or revoked stays so when an
 * older database is brought back.
 */
export interface RetiredKeys {
  all(): ReadonlySet<string>
  /**
   * Durable when it returns; nothing when the key is named already. Called before the commit that destroys the
   * private part: a key named here whose commit never came signs nothing either, and its change can be run again.
   */
  add(kid: string): void
  /** Takes back what was added for a commit that was refused, since another hand was quicker. Durable as well. */
  withdraw(kid: string): void
}

/** The keys of a database as they count: one that the record names is retired, whatever the database says. */
export function withRecord(keys: readonly StoredKey[], retired: RetiredKeys): readonly StoredKey[] {
  const named = retired.all()
  return keys.map((key) =>
    named.has(key.kid) && key.status !== 'revoked' ? { ...key, status: 'retired' } : key,
  )
}
