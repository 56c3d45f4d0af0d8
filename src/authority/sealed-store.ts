/** What the database keeps sealed under the master key. */
export const SEALED_KINDS = [
  'signing_key',
  'access_key',
  'open_api',
  'customer',
  'outgoing_call',
  'kit_entry',
] as const
export type SealedKind = (typeof SEALED_KINDS)[number]

export interface SealedText {
  /** The kid, the channel, or the id of the access key, the license, the call or the entry: what the purpose of the seal names. */
  readonly name: string
  readonly sealed: string
}

export interface SealedChange extends SealedText {
  /** What the database must still have; another text there stays. */
  readonly before: string
}

/** Called by `reseal` alone. */
export interface SealedStore {
  /** By name, those behind `after`, from the first when it is null. */
  sealedTexts(kind: SealedKind, after: string | null, limit: number): Promise<readonly SealedText[]>
  /** In one atomic batch. */
  replaceSealed(kind: SealedKind, changes: readonly SealedChange[]): Promise<void>
  /**
   * Rewrites the database and its log without what was deleted or replaced. Needs as much free space as the database
   * takes, and no other connection.
   */
  compact(): Promise<void>
}
