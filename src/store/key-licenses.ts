import type { KeyLicenses } from '../authority/key-licenses.ts'
import type { Given, Queries } from './queries.ts'
import { licenseOf, READ } from './rows.ts'

/** One pass over the licenses in the order of their ids, in pages; a leak is no reason for an index on every sale. */
export function keyLicenses(queries: Queries): KeyLicenses {
  const page = queries.read((db, given: Given<{ kid: string; after: string; limit: number }>) =>
    db
      .selectFrom('licenses')
      .select(READ)
      .where('id', '>', given('after'))
      .where('code_kid', '=', given('kid'))
      .where('status', '=', 'active')
      .orderBy('id')
      .limit(given('limit')),
  )
  const count = queries.read((db, given: Given<{ kid: string }>) =>
    db
      .selectFrom('licenses')
      .select((eb) => eb.fn.countAll<number>().as('licenses'))
      .where('code_kid', '=', given('kid'))
      .where('status', '=', 'active'),
  )
  return {
    licensesOfKey: async (kid, after, limit) =>
      (await page.all({ kid, after: after ?? '', limit })).map(licenseOf),
    countOfKey: async (kid) => Number((await count.first({ kid }))?.licenses ?? 0),
  }
}
