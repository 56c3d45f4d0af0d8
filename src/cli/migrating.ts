import type { Result } from '../domain/result.ts'

/** What the composition does to bring the schema of a database up. Both throw `CannotStart` with a sentence. */
export interface Migrating {
  /** Changes nothing. */
  plan(): Promise<MigrationPlan>
  /** One after another, each durable before the next; `told` before each. */
  apply(told: (step: MigrationStep) => void): Promise<Result<MigrationReport, MigrationRefusal>>
}

export interface MigrationPlan {
  readonly database: string
  readonly version: number
  /** The version of this program. */
  readonly target: number
  readonly steps: readonly MigrationStep[]
}

export interface MigrationStep {
  readonly version: number
  readonly name: string
  readonly meaning: string
  readonly stopsServers: boolean
  /** Of each table that it touches. */
  readonly rows: Readonly<Record<string, number>>
}

export interface MigrationReport {
  readonly database: string
  readonly from: number
  readonly version: number
  /** Those that this process ran; another may have run the rest. */
  readonly applied: readonly number[]
}

export type MigrationRefusal =
  /** A step needs all servers stopped, and some process has the instance open. */
  { readonly reason: 'in_use' }
