import type { Seconds } from '../domain/time.ts'
import type { Committed } from './ports.ts'

export interface KeyStore {
  keys(): Promise<readonly StoredKey[]>
  /** Root manifests as JSON texts, version 1 first. */
  manifests(): Promise<readonly string[]>
  /**
   * One batch: what `init` makes, with the settings that belong to it. `conflict` when a kid or a manifest
   * version exists.
   */
  addKeys(
    keys: readonly StoredKey[],
    manifests: readonly string[],
    settings?: Readonly<Record<string, string>>,
  ): Promise<Committed>
}

export type KeyStatus = 'pending' | 'active' | 'retired' | 'revoked'

export type KeyUsage = 'codes' | 'statements' | 'lists'

export interface StoredKey {
  readonly kid: string
  readonly usage: KeyUsage
  readonly status: KeyStatus
  /** base64url of the 32-byte public key. */
  readonly publicKey: string
  /** Sealed 32-byte private key; null once destroyed. */
  readonly sealed: string | null
  /** LK1 strings; none while a pending key waits for its certificate. */
  readonly certificates: readonly string[]
  readonly createdAt: Seconds
}
