import type { PoolClient } from 'pg'
import { FlightError, fly as flyTogether, type Statement } from '../../src/store/postgres/flight.ts'

export { check, depart, execute, FlightError, tell } from '../../src/store/postgres/flight.ts'

/** As the product's, but with a round trip for each statement, as the documents of the driver show it. */
export async function fly(client: PoolClient, statements: readonly Statement[]): Promise<readonly number[]> {
  const rows: number[] = []
  for (const statement of statements) {
    try {
      rows.push(...(await flyTogether(client, [statement])))
    } catch (thrown) {
      throw thrown instanceof FlightError ? new FlightError(thrown.cause, rows) : thrown
    }
  }
  return rows
}
