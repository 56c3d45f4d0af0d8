/**
 * The line between the command line and a Worker: the statements of the store, asked over HTTP by somebody who has
 * the operator's token. Only statements that both sides have compiled themselves are run, with whatever values: a leaked
 * token is as bad as a leaked password of the database, but opens nothing that is sealed. JSON both ways. What is signed
 * there names the Worker, so the door tells its public URL, too.
 */

export const OPERATOR_PATH = '/v1/operator'

/** Shorter ones are refused on both sides. Characters. */
export const SHORTEST_TOKEN = 32

/** Largest request, bytes; an import sends its lines in batches below it. */
export const MOST_REQUEST = 4 * 1024 * 1024

export type RemoteValue = string | number | null

export interface RemoteStep {
  readonly sql: string
  readonly values: readonly RemoteValue[]
  readonly expect?: 'one' | 'none'
}

export type RemoteRequest =
  | { readonly ask: 'rows'; readonly sql: string; readonly values: readonly RemoteValue[] }
  /** The token names the write; whoever lost its answer asks `landed` with it. */
  | { readonly ask: 'write'; readonly token: string; readonly steps: readonly RemoteStep[] }
  | { readonly ask: 'landed'; readonly token: string }
  /** A door of an older Licet takes this for malformed. */
  | { readonly ask: 'public_url' }

export interface RemoteAnswers {
  readonly rows: { readonly rows: readonly unknown[] }
  readonly write: { readonly outcome: 'committed' | 'conflict' }
  readonly landed: { readonly landed: boolean }
  /** `iss` of what the Worker signs, no trailing slash; null while it has none. */
  readonly public_url: { readonly publicUrl: string | null }
}
