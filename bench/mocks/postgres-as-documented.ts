import type { PurchaseRows } from './purchase.ts'
import { pool, sellOnPostgres } from './sell-on-postgres.ts'

/** A transaction per call as the documentation of the driver shows it: a client of the pool, and a round trip per statement. */
async function insertOneByOne(purchase: PurchaseRows): Promise<void> {
  const client = await pool.connect()
  await client.query('BEGIN')
  for (const [table, row] of Object.entries(purchase)) {
    const names = Object.keys(row)
    const text = `INSERT INTO ${table} (${names}) VALUES (${names.map((_, index) => `$${index + 1}`)})`
    await client.query(text, Object.values(row))
  }
  await client.query('COMMIT')
  client.release()
}

await sellOnPostgres(async (rows, done) => {
  await insertOneByOne(rows)
  done()
})
