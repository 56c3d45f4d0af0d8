import { insertAll, sellOnPostgres } from './sell-on-postgres.ts'

/** A transaction per call, in one round trip, over the pool. */
await sellOnPostgres(async (rows, done) => {
  await insertAll([rows])
  done()
})
