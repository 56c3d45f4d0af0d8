import pg from 'pg'

const BIGINT = 20

/** The driver's pool as it comes, but that numbers are numbers. */
export function numbersPool(connectionString: string): pg.Pool {
  pg.types.setTypeParser(BIGINT, Number)
  return new pg.Pool({ connectionString })
}
