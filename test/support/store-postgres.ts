import { onTestFinished } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import type { FreshDatabase } from '../store/contract/harness.ts'
import { markOf, sale } from '../store/contract/samples.ts'
import { connected, newPostgresSchema } from './postgres.ts'
import { SCHEMA } from './store-sqlite.ts'

/** Opens it, and closes it when the test ends. */
export async function openedAt(url: string): Promise<Store> {
  const store = await openPostgres(url, { schema: SCHEMA, create: true, chance: Math.random })
  onTestFinished(() => store.close())
  return store
}

/** A purchase as nearly all are: no statement of it has an expectation, so that it is committed in one round trip. */
export const bought = (n: number) => ({ change: sale(n), mark: markOf(n) })

/** Schemas whose test has ended: to empty one costs a tenth of making one. */
const used: string[] = []

export async function freshPostgres(): Promise<FreshDatabase & { readonly url: string }> {
  const url = used.pop() ?? (await newPostgresSchema())
  onTestFinished(async () => {
    await empty(url)
    used.push(url)
  })
  return { url, store: await openedAt(url), beside: () => openedAt(url) }
}

/** Those that refer to others were made after them. */
const TABLES =
  "select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' order by oid desc"

async function empty(url: string): Promise<void> {
  const client = await connected(url)
  const { rows } = await client.query<{ name: string }>(TABLES)
  const but = (name: string) => (name === 'settings' ? " where name <> 'schema_version'" : '')
  await client.query(rows.map(({ name }) => `delete from ${name}${but(name)};`).join(' '))
  await client.end()
}
