import type { Authority } from '../authority/authority.ts'
import type { Crypto } from '../authority/host.ts'
import type { Result } from '../domain/result.ts'
import type { Seconds } from '../domain/time.ts'

/** What the command line is given by the composition: nothing in this folder opens a file or reads a clock. */
export interface Shell {
  /** The answer of a command; a table for people or one JSON document. */
  out(text: string): void
  /** Everything else a person should read. */
  err(text: string): void
  now(): Seconds
  /** LICET_PUBLIC_URL is set: the addresses shown are those the world knows. */
  readonly isPublic: boolean
  readonly version: string
  readonly crypto: Crypto
  /** Bytes of a file, or of standard input for `-`. Throws `Unreadable` with a sentence. */
  read(path: string): Promise<Uint8Array>
  /** The running instance's authority on its data directory. Throws `CannotStart` with a sentence. */
  open(): Promise<Opened>
  /** Root manifests of the data directory as JSON texts, newest last; null when there are none. Needs no database. */
  pinnedManifests(): Promise<readonly string[] | null>
  init(manifests: readonly string[] | null): Promise<Result<InitReport, InitRefusal>>
  /** Runs until it is told to stop; answers with the exit code. */
  serve(): Promise<number>
  demo(json: boolean): Promise<number>
}

export interface Opened {
  readonly authority: Authority
  close(): Promise<void>
}

/** What `init` made, for the person who has to keep it. */
export interface InitReport {
  readonly data: string
  readonly database: string
  /** null when `LICET_MASTER_KEY` gave the key. */
  readonly masterKeyFile: string | null
  /** null when the root lies elsewhere. */
  readonly developmentRootFile: string | null
  readonly manifestsFile: string
  readonly keys: readonly { readonly kid: string; readonly usage: string; readonly status: string }[]
}

export type InitRefusal =
  /** The database holds keys. */
  | { readonly reason: 'exists' }
  /** Another process makes the same instance now. */
  | { readonly reason: 'under_way' }
  /** `file` belongs to a database with keys, and `database` has none. */
  | { readonly reason: 'left_over'; readonly file: string; readonly database: string }

/** A file or an option that cannot be used; the message says which and why. Exit code 2. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}
