import type { Seconds } from '../domain/time.ts'
import type { Actor, Committed } from './ports.ts'

export interface KeyStore {
  /** Oldest first. */
  keys(): Promise<readonly StoredKey[]>
  /** Root manifests as JSON texts, version 1 first. */
  manifests(): Promise<readonly string[]>
  /**
   * Everything of one step in the life of keys, in one batch. `conflict`: a kid or a manifest version exists, a key is
   * no longer what the change began from, or a usage would have two active keys; look again and decide again.
   */
  changeKeys(change: KeyChange): Promise<Committed>
  /** What happened to keys and roots, oldest first; of one key when a kid is given. */
  keyHistory(kid?: string): Promise<readonly KeyHistoryEntry[]>
}

export interface KeyChange {
  readonly add?: readonly StoredKey[]
  readonly replace?: readonly KeyReplacement[]
  /** The next ones of the chain. */
  readonly manifests?: readonly string[]
  /** Settings that must not be there; `conflict` otherwise. */
  readonly absent?: readonly string[]
  /** null deletes. */
  readonly settings?: Readonly<Record<string, string | null>>
  readonly events: readonly KeyEvent[]
  readonly by: Actor
  readonly at: Seconds
}

/** A key before and after; the change is refused as `conflict` when the stored one is another by now. */
export interface KeyReplacement {
  readonly before: StoredKey
  readonly after: StoredKey
}

export type KeyStatus = 'pending' | 'active' | 'retired' | 'revoked'

export type KeyUsage = 'codes' | 'statements' | 'lists'

export interface StoredKey {
  readonly kid: string
  readonly usage: KeyUsage
  readonly status: KeyStatus
  /** base64url of the 32-byte public key. */
  readonly publicKey: string
  /** Sealed 32-byte private key; null once destroyed, and while that of a spare lies in the safe. */
  readonly sealed: string | null
  /** LK1 strings; none while a pending key waits for its certificate. */
  readonly certificates: readonly string[]
  readonly createdAt: Seconds
  /** A cold spare: its private part lies off the server until it is needed. */
  readonly spare: boolean
  /** The certification request (compact JWS), to be written out again. null: the key was made without one. */
  readonly request: string | null
  /** When the first certificate was stored: since then the world can know the key. Null before. */
  readonly certifiedAt: Seconds | null
}

/** One thing that happened to a key, or to the chain of roots when there is no kid. */
export interface KeyEvent {
  readonly kid: string | null
  readonly type:
    | 'created'
    | 'certified'
    | 'brought_home'
    | 'promoted'
    | 'stood_down'
    | 'retired'
    | 'revoked'
    | 'root_advanced'
    | 'reissue_finished'
    | 'resealed'
  /** Ids, codes, times and numbers; never a secret. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}

export interface KeyHistoryEntry {
  readonly event: KeyEvent
  readonly by: Actor
  readonly at: Seconds
}
