import type { Exported, ExportRefusal } from '../authority/move/export.ts'
import type { Imported, ImportRefusal } from '../authority/move/import.ts'
import type { Raised } from '../authority/move/raise.ts'
import type { Actor } from '../authority/ports.ts'
import type { Result } from '../domain/result.ts'

/** What the composition does to carry a database elsewhere, or to bring one back. All throw `CannotStart` with a sentence. */
export interface Moves {
  /** Writes everything to a new file, or to standard output for `-`. */
  exportTo(file: string, progress: Progress): Promise<Result<Exported, ExportRefusal>>
  /** Takes a file, or standard input for `-`, into an empty database. */
  importFrom(file: string, progress: Progress): Promise<Result<Imported, ImportRefusal>>
  /** As `importFrom`; then raises what a restore has to raise. */
  restoreFrom(file: string, by: Actor, progress: Progress): Promise<Result<Restored, ImportRefusal>>
  /** For a database that was brought back by other means; also ends a restore that was interrupted. */
  restoreInPlace(by: Actor, progress: Progress): Promise<Result<RestoredInPlace, RestoreRefusal>>
}

/** `all` is null where nobody knows. */
export type Progress = (step: Step, done: number, all: number | null) => void

export type Step = 'exporting' | 'checking' | 'writing' | 'raising'

export interface RestoredInPlace extends Raised {
  /** The public file beside the database knows more root manifests than the database. */
  readonly isBehindManifests: boolean
}

export interface Restored extends RestoredInPlace {
  /** null where the file was in the database already: an earlier run was interrupted behind it. */
  readonly imported: Imported | null
}

export type RestoreRefusal =
  /** Another process has the instance open. */
  | { readonly reason: 'in_use' }
  /** The import of the file has not ended. */
  | { readonly reason: 'importing' }
