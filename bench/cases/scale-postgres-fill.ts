import pg from 'pg'
import type { Store } from '../../src/authority/ports.ts'
import { bulkPostgres } from './postgres-bulk.ts'
import { type Filled, SAMPLE, SOLD_WITHIN } from './scale-fill.ts'
import { sale } from './scale-sales.ts'

/** Licenses that one COPY takes. */
const AT_ONCE = 10_000

/**
 * Fills a database that `store` has open with `count` licenses in the random order of real ids, then does what
 * autovacuum would, and a checkpoint.
 */
export async function fillPostgres(
  url: string,
  store: Store,
  count: number,
  now: number,
): Promise<Omit<Filled, 'bytesPerLicense'>> {
  // The first answer of its form makes the form; it is kept whole, and is not among those that are looked up.
  await store.commit(sale(0, now - SOLD_WITHIN).lasting)
  const bulk = await bulkPostgres(url)
  const ids: string[] = []
  let middle = ''
  for (let number = 1; number < count; number++) {
    const at = now - SOLD_WITHIN + Math.floor((number / count) * SOLD_WITHIN)
    const { id, lasting } = sale(number, at)
    await bulk.store.commit(lasting)
    if (number % Math.max(1, count / SAMPLE) < 1) ids.push(id)
    if (number === count >> 1) middle = `${at}-${id}`
    if (number % AT_ONCE === 0) await bulk.flush()
  }
  await bulk.close()
  await tidied(url)
  return { ids, middle }
}

async function tidied(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('vacuum analyze')
  await client.query('checkpoint')
  await client.end()
}
