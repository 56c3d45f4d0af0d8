/** What went wrong with the database, for whoever has to repair it. */
export type StoreErrorCode =
  | 'cannot_open'
  | 'not_initialised'
  | 'newer_schema'
  | 'older_schema'
  | 'not_durable'
  | 'unreachable'
  | 'read_only'
  | 'locked'
  | 'full'
  | 'damaged'
  | 'moved'
  | 'failed'
  | 'closed'

/** An outage or a fault of the installation; its message is one sentence for a person. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreError'
    this.code = code
  }
}
