import pg from 'pg'
import type { Store } from '../../src/authority/ports.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { startDatabase } from '../server/database.ts'
import { SCHEMA } from '../server/mock.ts'
import type { WorkDirectory } from '../work-directory.ts'
import { postgresSizes } from './postgres-sizes.ts'
import { life, sale } from './scale-sales.ts'

export interface PostgresBytes {
  /** As they were written, before anything was cleared away. */
  readonly written: Readonly<Record<string, number>>
  /** After `VACUUM FULL`. */
  readonly packed: Readonly<Record<string, number>>
}

const IN_FLIGHT = 256

/** Bytes per license by table on PostgreSQL, each change committed by itself, as it is in life. */
export async function postgresBytes(work: WorkDirectory, count: number): Promise<PostgresBytes> {
  const server = await startDatabase(work)
  try {
    const url = await server.create()
    const store = await openPostgres(url, { schema: SCHEMA, create: true, chance: Math.random })
    // One sale makes the answer form, as the first of its offer does.
    await store.commit(sale(0, now()).lasting)
    await liveThrough(store, count)
    await store.close()
    const client = new pg.Client(url)
    await client.connect()
    const written = await postgresSizes(client, count)
    await client.query('vacuum full')
    const packed = await postgresSizes(client, count)
    await client.end()
    return { written, packed }
  } finally {
    await server.stop()
  }
}

const now = (): number => Math.floor(Date.now() / 1000)

async function liveThrough(store: Store, count: number): Promise<void> {
  let begun = 1
  async function owner(): Promise<void> {
    for (let number = begun++; number < count; number = begun++) {
      const { lasting } = sale(number, now())
      await store.commit(lasting)
      for (const change of life(lasting.change!, now())) await store.commit({ change })
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, owner))
}
