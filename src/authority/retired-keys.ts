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

/**
 * Each machine has a record of its own: what the database says was ended, perhaps by a command on another machine, is
 * added to this one, so that a restored database revives it nowhere. A record that cannot be written stops no sale.
 */
export function recordEnded(keys: readonly StoredKey[], retired: RetiredKeys): void {
  const named = retired.all()
  for (const key of keys.filter((one) => isEnded(one) && !named.has(one.kid))) {
    try {
      retired.add(key.kid)
    } catch {
      // The next reading tries again.
      return
    }
  }
}

/** A retired key that has its private part may be promoted again; all others that signed are at their end. */
const isEnded = ({ status, sealed }: StoredKey): boolean =>
  status === 'revoked' || (status === 'retired' && sealed === null)
