import { readdirSync, readFileSync } from 'node:fs'
import type { Migrating, MigrationReport, MigrationStep } from '../cli/migrating.ts'
import { no, yes } from '../domain/result.ts'
import { StoreError } from '../store/errors.ts'
import { type Migration, type Migrator, pendingMigrations, readMigrations } from '../store/migrations.ts'
import { SCHEMA_VERSION } from '../store/schema.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { ownInstance } from './instance-lock.ts'
import { isFile, openMigrator } from './open-store.ts'

const DIRECTORY = new URL('../../migrations/', import.meta.url)

/** Of the program as it lies there: the migrations travel with it. */
export function migrating(config: Config): Migrating {
  const migrations = readMigrations(
    readdirSync(DIRECTORY).map((name) => [name, readFileSync(new URL(name, DIRECTORY), 'utf8')]),
  )
  return {
    plan: () =>
      onDatabase(config, async (migrator) => {
        const { version, pending } = await stateOf(migrator, migrations)
        const steps: MigrationStep[] = []
        for (const migration of pending) steps.push(await stepOf(migrator, migration))
        return { database: migrator.where, version, target: SCHEMA_VERSION, steps }
      }),
    apply: (told) =>
      onDatabase(config, async (migrator) => {
        const { version, pending } = await stateOf(migrator, migrations)
        const alone = pending.some(({ stopsServers }) => stopsServers) && isFile(config)
        const release = alone ? ownInstance(config) : () => undefined
        if (release === null) return no({ reason: 'in_use' })
        try {
          return yes(await applyAll(migrator, version, pending, told))
        } finally {
          release()
        }
      }),
  }
}

async function stateOf(migrator: Migrator, migrations: readonly Migration[]) {
  const version = await migrator.version()
  return { version: Number(version), pending: pendingMigrations(migrations, version, migrator.where) }
}

/** One that another process was quicker to run counts as done: whoever waits for this one waits for the other, too. */
async function applyAll(
  migrator: Migrator,
  from: number,
  pending: readonly Migration[],
  told: (step: MigrationStep) => void,
): Promise<MigrationReport> {
  const applied: number[] = []
  for (const migration of pending) {
    told(await stepOf(migrator, migration))
    if ((await migrator.apply(migration)) === 'applied') applied.push(migration.version)
  }
  return { database: migrator.where, from, version: Number(await migrator.version()), applied }
}

async function stepOf(migrator: Migrator, migration: Migration): Promise<MigrationStep> {
  const { version, name, meaning, stopsServers, touches } = migration
  const rows: Record<string, number> = {}
  for (const table of touches) rows[table] = await migrator.countRows(table)
  return { version, name, meaning, stopsServers, rows }
}

async function onDatabase<T>(config: Config, work: (migrator: Migrator) => Promise<T>): Promise<T> {
  try {
    const migrator = await openMigrator(config)
    try {
      return await work(migrator)
    } finally {
      await migrator.close()
    }
  } catch (thrown) {
    if (thrown instanceof StoreError) throw new CannotStart(thrown.message, { cause: thrown })
    throw thrown
  }
}
