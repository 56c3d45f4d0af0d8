import type { Authority } from '../authority/authority.ts'
import type { RootSigner } from '../authority/ceremony/root-signer.ts'
import type { Crypto, PassphraseSealing } from '../authority/host.ts'
import type { Actor } from '../authority/ports.ts'
import type { Resealed } from '../authority/reseal.ts'
import type { Result } from '../domain/result.ts'
import type { Seconds } from '../domain/time.ts'
import type { Checking } from './checking.ts'
import type { Migrating } from './migrating.ts'
import type { Moves } from './moves.ts'
import type { SimulateOrder } from './simulating.ts'

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
  /** When this version was made: a clock before it is wrong. */
  readonly builtAt: Seconds
  readonly crypto: Crypto
  /** Bytes of a file, or of standard input for `-`. Throws `Unreadable` with a sentence. */
  read(path: string): Promise<Uint8Array>
  /**
   * Writes a file that must not exist yet: nothing is ever replaced. `private` is for its owner alone. Throws
   * `Unreadable` with a sentence.
   */
  write(path: string, text: string, audience: Audience): Promise<void>
  /** Makes a directory with all of these files or none of them; as `write`, it must not exist yet. */
  writeDirectory(path: string, files: readonly OutFile[]): Promise<void>
  /** Throws `Unreadable` with a sentence when there is a file or a directory of this name. */
  mustBeFree(path: string): Promise<void>
  /** A secret typed without being shown; null where there is no terminal to ask at. */
  askSecret(question: string): Promise<string | null>
  /** The name of the person at the keyboard as the system knows it, for the history. */
  readonly user: string
  readonly passphrases: PassphraseSealing
  /**
   * From now on the instance is that of the Worker at this URL; `token` null: the one of the environment. Throws
   * `Unreadable` with a sentence for a URL or a token that cannot be one.
   */
  reach(url: string, token: string | null): void
  /** The URL that was given to `reach`; null: the instance is that of the data directory. */
  readonly reached: string | null
  /** The running instance's authority on its data directory. Throws `CannotStart` with a sentence. */
  open(): Promise<Opened>
  /** Root manifests of the data directory as JSON texts, newest last; null when there are none. Needs no database. */
  pinnedManifests(): Promise<readonly string[] | null>
  init(manifests: readonly string[] | null): Promise<Result<InitReport, InitRefusal>>
  /** Seals everything under a new master key. Throws `CannotStart` with a sentence. */
  reseal(order: ResealOrder): Promise<Result<ResealReport, ResealRefusal>>
  readonly moves: Moves
  readonly migrating: Migrating
  /** Checks production addresses as this kind of marketplace would; null for a kind there is no check for. */
  checking(kind: string): Promise<Checking | null>
  /** Plays a marketplace; answers with the exit code. Throws `Unreadable` or `CannotStart` with a sentence. */
  simulate(order: SimulateOrder): Promise<number>
  /** What goes to standard error is seen at once, by a person. */
  readonly isTerminal: boolean
  /** Lets time pass. */
  pause(seconds: Seconds): Promise<void>
  /** Runs until it is told to stop; answers with the exit code. */
  serve(): Promise<number>
  demo(json: boolean): Promise<number>
}

/** Who may read a file: its owner alone, or everybody. */
export type Audience = 'public' | 'private'

export interface OutFile {
  readonly name: string
  readonly text: string
  readonly audience: Audience
}

export interface Opened {
  readonly authority: Authority
  readonly developmentRoot: DevelopmentRootFile
  close(): Promise<void>
}

/** The sealed private root key of a development instance, a file beside the database. */
export interface DevelopmentRootFile {
  /** null when there is none. Throws `SealBroken` when it does not open. */
  open(): RootSigner | null
  /** Removes the file; nothing when there is none. */
  destroy(): void
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

export interface ResealOrder {
  readonly dryRun: boolean
  readonly by: Actor
  progress(progress: ResealProgress): void
}

/** How many sealed texts were looked at, or that the database is being rewritten. */
export type ResealProgress = { readonly done: number } | 'compacting'

export interface ResealReport extends Resealed {
  /** Where the new master key lies; null when `LICET_MASTER_KEY` gave it. */
  readonly masterKeyFile: string | null
}

export type ResealRefusal =
  /** Another process has the instance open. */
  | { readonly reason: 'in_use' }
  /** `LICET_MASTER_KEY` gives one key; the change needs the new one too. */
  | { readonly reason: 'one_key_in_environment' }

/** A file or an option that cannot be used; the message says which and why. Exit code 2. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}
