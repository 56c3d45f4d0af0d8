import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import type { Started } from './postgres.ts'
import { runName } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the PostgreSQL server of this run lives, once a test needs it. */
    postgresDirectory: string
  }
}

/** One for all projects of a run, which load this file once each. */
const shared = globalThis as { licetPostgres?: { readonly directory: string; users: number } }

/** Prepares the place; the first test that asks for a database starts the server. At the end nothing is left. */
export default function setup(project: TestProject): () => Promise<void> {
  shared.licetPostgres ??= { directory: mkdtempSync(join(tmpdir(), 'licet-postgres-')), users: 0 }
  const here = shared.licetPostgres
  here.users++
  // The server runs as another user when the tests run as root.
  chmodSync(here.directory, 0o755)
  project.provide('postgresDirectory', here.directory)
  return async () => {
    if (--here.users > 0) return
    delete shared.licetPostgres
    await end(here.directory)
  }
}

async function end(directory: string): Promise<void> {
  const pid = startedIn(directory)?.pid
  if (pid !== undefined) await ended(pid)
  const given = process.env.LICET_TEST_POSTGRES_URL
  if (given !== undefined) await cleared(given, runName(directory))
  rmSync(directory, { recursive: true, force: true })
}

/** A server that outlives the run keeps nothing of it. */
async function cleared(url: string, run: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(
    'select nspname as name from pg_namespace where starts_with(nspname, $1)',
    [run],
  )
  for (const { name } of rows) await client.query(`drop schema ${name} cascade`)
  await client.end()
}

function startedIn(directory: string): Started | null {
  try {
    return JSON.parse(readFileSync(join(directory, 'started'), 'utf8'))
  } catch {
    return null
  }
}

/** A "fast" shutdown takes a moment; one that hangs is cut short. */
async function ended(pid: number): Promise<void> {
  process.kill(pid, 'SIGINT')
  for (let waits = 0; waits < 100; waits++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (!isAlive(pid)) return
  }
  process.kill(pid, 'SIGKILL')
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
