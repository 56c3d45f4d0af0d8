import type { Database as Connection } from 'better-sqlite3'
import { bulkStore } from './bulk-store.ts'
import { sale } from './scale-sales.ts'

export interface Filled {
  /** Some of the licenses, evenly over the time of their creation. */
  readonly ids: readonly string[]
  /** Where a page in the middle begins. */
  readonly middle: string
  readonly bytesPerLicense: Readonly<Record<string, number>>
}

export const SAMPLE = 10_000
/** All were sold before now, and none of them ends before then. */
export const SOLD_WITHIN = 300 * 86_400

/**
 * Makes a database of `count` licenses, through the product's own statements in the random order of real ids.
 * Only the filling is not durable: one connection with a large cache that never syncs.
 */
export async function fill(path: string, count: number, now: number): Promise<Filled> {
  const { db, store } = await bulkStore(path)
  const ids: string[] = []
  let middle = ''
  for (let number = 0; number < count; number++) {
    const at = now - SOLD_WITHIN + Math.floor((number / count) * SOLD_WITHIN)
    const { id, lasting } = sale(number, at)
    await store.commit(lasting)
    if (number % Math.max(1, count / SAMPLE) < 1) ids.push(id)
    if (number === count >> 1) middle = `${at}-${id}`
  }
  db.exec('COMMIT')
  const bytesPerLicense = sizes(db, count)
  db.close()
  return { ids, middle, bytesPerLicense }
}

/** By table, its indexes included. */
export function sizes(db: Connection, count: number): Record<string, number> {
  const rows = db
    .prepare<[], { table: string; bytes: number }>(
      `SELECT tbl_name AS "table", sum(pgsize) AS bytes FROM dbstat JOIN sqlite_master USING (name)
       WHERE tbl_name IN ('licenses', 'license_events', 'customers', 'answers', 'answer_forms') GROUP BY tbl_name`,
    )
    .all()
  return Object.fromEntries(rows.map(({ table, bytes }) => [table, bytes / count]))
}
