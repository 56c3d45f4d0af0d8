import type { Kysely } from 'kysely'
import type { ImportPosition, Moving, Unfinished } from '../authority/move/moving.ts'
import type { Seconds } from '../domain/time.ts'
import type { Engine, Step } from './engine.ts'
import { keptType } from './event-rows.ts'
import { movedInserts } from './moved-inserts.ts'
import { movedReads } from './moved-reads.ts'
import type { NamedTexts } from './named-texts.ts'
import type { Given, Queries } from './queries.ts'
import { licenseOf, READ } from './rows.ts'
import { type Database, SCHEMA_VERSION } from './schema.ts'
import { MOVED_TABLES } from './tables.ts'

/** The marks of a database that is not whole, among its settings; never part of an export. */
const IMPORTING = 'importing'
const RESTORING = 'restoring'

/** Export, import and restore, the same for every engine. Its statements are many and seldom needed: made on demand. */
export function createMoving(
  engine: Engine,
  db: Kysely<Database>,
  queries: Queries,
  texts: NamedTexts,
): Moving {
  const { isEmpty, reading } = movedReads(queries, texts)
  const inserts = movedInserts(engine, db)
  const marks = markWrites(queries)
  const restoring = (since: Seconds | null): Step[] =>
    since === null ? [] : [texts.set(RESTORING, `${since}`)]
  return {
    schema: SCHEMA_VERSION,
    tables: MOVED_TABLES,
    isEmpty,
    read: async () => reading(await engine.snapshot()),
    unfinished: () => unfinished(texts),
    begin: (at, restoringSince) =>
      engine.atomic([
        marks.insert({ name: IMPORTING, value: JSON.stringify(at) }),
        ...restoring(restoringSince),
      ]),
    add: (rows, before, after) => engine.atomic([marks.advance(before, after), ...inserts(rows)]),
    finish: (before, restoringSince) =>
      engine.atomic([
        marks.remove({ name: IMPORTING, value: JSON.stringify(before) }, 'one'),
        ...restoring(restoringSince),
        texts.raiseGeneration(),
      ]),
    async beginRestore(since) {
      // A conflict: one is under way already.
      await engine.atomic([marks.insert({ name: RESTORING, value: `${since}` }), texts.raiseGeneration()])
    },
    async endRestore() {
      await engine.atomic([texts.remove(RESTORING), texts.raiseGeneration()])
    },
    unraised: unraised(queries),
  }
}

export async function unfinished(texts: NamedTexts): Promise<Unfinished | null> {
  const at = await texts.read(IMPORTING)
  const since = await texts.read(RESTORING)
  if (at !== null) return { type: 'import', at: JSON.parse(at), isRestore: since !== null }
  return since === null ? null : { type: 'restore', since: Number(since) }
}

function markWrites(queries: Queries) {
  const insert = queries.write((db, given: Given<Database['settings']>) =>
    db.insertInto('settings').values({ name: given('name'), value: given('value') }),
  )
  const remove = queries.write((db, given: Given<Database['settings']>) =>
    db.deleteFrom('settings').where('name', '=', given('name')).where('value', '=', given('value')),
  )
  const replace = queries.write((db, given: Given<{ before: string; after: string }>) =>
    db
      .updateTable('settings')
      .set({ value: given('after') })
      .where('name', '=', IMPORTING)
      .where('value', '=', given('before')),
  )
  const advance = (before: ImportPosition, after: ImportPosition): Step =>
    replace({ before: JSON.stringify(before), after: JSON.stringify(after) }, 'one')
  return { insert, remove, advance }
}

/** A license was raised when its newest event says so. */
function unraised(queries: Queries): Moving['unraised'] {
  const page = queries.read((db, given: Given<{ since: number; after: string; limit: number }>) =>
    db
      .selectFrom('licenses as l')
      .innerJoin('license_events as e', (join) =>
        join.onRef('e.license_id', '=', 'l.id').onRef('e.revision', '=', 'l.revision'),
      )
      .select(READ.map((column) => `l.${column}` as const))
      .where('l.id', '>', given('after'))
      .where('l.status', '<>', 'released')
      .where(({ or, eb }) => or([eb('e.type', '<>', keptType('restored')), eb('e.at', '<', given('since'))]))
      .orderBy('l.id')
      .limit(given('limit')),
  )
  return async (since, after, limit) =>
    (await page.all({ since, after: after ?? '', limit })).map((row) => licenseOf(row as never))
}
