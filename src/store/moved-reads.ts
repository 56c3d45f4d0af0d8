import { type Kysely, sql } from 'kysely'
import type { MovedState, Reading } from '../authority/move/moving.ts'
import type { ExportValue } from '../format/export-lines.ts'
import type { SqlValue, View } from './engine.ts'
import type { NamedTexts } from './named-texts.ts'
import type { Given, Queries, Read } from './queries.ts'
import type { Database } from './schema.ts'
import { MOVED_TABLES, type MovedName, TABLES } from './tables.ts'

/** Rows of one read. */
const PAGE = 500

/** Settings that tell of one database alone, not of the instance that it holds. */
const LOCAL_SETTINGS = ['schema_version', 'oldest_program', 'probe', 'importing', 'restoring']

type Row = Readonly<Record<string, ExportValue>>
type Position = Readonly<Record<string, SqlValue>>

interface TableReads {
  readonly key: readonly string[]
  readonly first: Read<{ limit: number }, Row>
  /** Behind the row of this key. */
  readonly next: Read<Position, Row>
  readonly count: Read<object, { rows: number }>
}

/** What is read of a database to move it: every table by its key, in pages, and how much there is. */
export interface MovedReads {
  isEmpty(): Promise<boolean>
  reading(view: View): Reading
}

export function movedReads(queries: Queries, texts: NamedTexts): MovedReads {
  const tables = new Map(MOVED_TABLES.map(({ name }) => [name, tableReads(queries, name as MovedName)]))
  const newestEvent = queries.read((db) =>
    db.selectFrom('license_events').select('at').orderBy('at', 'desc').limit(1),
  )

  async function state(view: View): Promise<MovedState> {
    const rows: Record<string, number> = {}
    for (const [name, { count }] of tables) rows[name] = Number((await count.allIn(view, {}))[0]!.rows)
    const [newest] = await newestEvent.allIn(view, {})
    return { generation: await texts.generationIn(view), newestEventAt: newest?.at ?? null, rows }
  }

  return {
    async isEmpty() {
      for (const { first } of tables.values())
        if ((await first.first({ limit: 1 })) !== undefined) return false
      return true
    },
    reading: (view) => ({
      isConsistent: view.isConsistent,
      state: () => state(view),
      pages: (table) => pages(tables.get(table)!, view),
      close: () => view.close(),
    }),
  }
}

async function* pages({ key, first, next }: TableReads, view: View): AsyncGenerator<readonly Row[]> {
  let page = await first.allIn(view, { limit: PAGE })
  while (page.length > 0) {
    yield page
    if (page.length < PAGE) return
    const last = page.at(-1)!
    page = await next.allIn(view, {
      limit: PAGE,
      ...Object.fromEntries(key.map((name) => [name, last[name]!])),
    })
  }
}

/** The tables are all alike here, and known by name only. */
type AnyDatabase = Record<string, Record<string, SqlValue>>

function tableReads(queries: Queries, name: MovedName): TableReads {
  const { columns } = TABLES[name]
  const key: readonly string[] = TABLES[name].key
  const from = (db: Kysely<Database>) => {
    const rows = (db as unknown as Kysely<AnyDatabase>).selectFrom(name)
    return name === 'settings' ? rows.where('name', 'not in', LOCAL_SETTINGS) : rows
  }
  const inOrder = (db: Kysely<Database>) =>
    key.reduce((rows, one) => rows.orderBy(one), from(db).select(Object.keys(columns)))
  return {
    key,
    first: queries.read((db, given: Given<{ limit: number }>) => inOrder(db).limit(given('limit'))),
    next: queries.read((db, given: Given<Position>) => {
      const behind = sql<boolean>`(${sql.join(key.map((one) => sql.ref(one)))}) > (${sql.join(key.map((one) => given(one)))})`
      return inOrder(db)
        .where(behind)
        .limit(given('limit') as number)
    }),
    count: queries.read((db) => from(db).select((eb) => eb.fn.countAll<number>().as('rows'))),
  }
}
