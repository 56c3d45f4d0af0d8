import { describe, it } from 'vitest'
import { contend } from '../support/contended.ts'
import { hasPostgres } from '../support/postgres.ts'
import { freshPostgres } from '../support/store-postgres.ts'

describe.skipIf(!(await hasPostgres()))('four stores on one PostgreSQL database', () => {
  it('that all want the same few licenses lose no renewal and do none twice', async () => {
    const { store, beside } = await freshPostgres()
    await contend([store, await beside(), await beside(), await beside()], 600, 4)
  }, 60_000)
})
