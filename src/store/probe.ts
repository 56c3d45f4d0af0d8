import { sql } from 'kysely'
import type { Step } from './engine.ts'
import type { NamedTexts } from './named-texts.ts'
import type { Queries } from './queries.ts'

const NEVER = sql<boolean>`1 = 0`

/**
 * What it takes to know that a sale can be written: one row that is written and taken back, and nothing at all into
 * each table of a sale. A table that is missing, locked, or may not be written fails these as it would fail the sale.
 */
export function probe(queries: Queries, texts: NamedTexts): readonly Step[] {
  const nothings = [
    queries.write((db) =>
      db
        .insertInto('licenses')
        .columns(['id'])
        .expression(db.selectFrom('licenses').select('id').where(NEVER)),
    ),
    queries.write((db) =>
      db
        .insertInto('license_events')
        .columns(['license_id'])
        .expression(db.selectFrom('license_events').select('license_id').where(NEVER)),
    ),
    queries.write((db) =>
      db
        .insertInto('customers')
        .columns(['license_id'])
        .expression(db.selectFrom('customers').select('license_id').where(NEVER)),
    ),
    queries.write((db) =>
      db
        .insertInto('replay_marks')
        .columns(['access_key'])
        .expression(db.selectFrom('replay_marks').select('access_key').where(NEVER)),
    ),
  ]
  return [...nothings.map((write) => write({})), texts.set('probe', ''), texts.remove('probe')]
}
