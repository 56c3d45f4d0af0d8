import type { PoolClient } from 'pg'
import type { SqlValue } from '../engine.ts'

/** A statement that inserts, for any number of rows, what another inserts for one. */
export interface GroupedInsert {
  readonly name: string
  readonly sql: string
}

/** What a column holds, as the server calls it; undefined where there is no such column. */
export type TypeOf = (table: string, column: string) => string | undefined

/** Of the tables of this program, as they are in the database. */
export async function typesOf(client: PoolClient): Promise<TypeOf> {
  const { rows } = await client.query<{ place: string; type: string }>(
    "select table_name || '.' || column_name as place, data_type as type from information_schema.columns where table_schema = current_schema()",
  )
  const types = new Map(rows.map(({ place, type }) => [place, type]))
  return (table, column) => types.get(`${table}.${column}`)
}

/** Every column gets a value of its own, and what follows speaks of columns alone. */
const INSERT = /^insert into "(\w+)" \(([^()]*)\) values \(([$\d, ]*)\)( on conflict [^$]*)?$/

/**
 * The same insert with an array for each value: `insert into "t" ("a") select * from unnest($1::text[])`. Null where
 * it is no insert, or gives a column anything but a value. Unlike one row after the other, the server refuses an
 * `on conflict do update` that meets a row twice.
 */
export function groupedInsert(sql: string, typeOf: TypeOf): string | null {
  const [, table, columns, places, tail = ''] = INSERT.exec(sql) ?? []
  if (table === undefined || columns === undefined || places === undefined) return null
  const types = columns.split(', ').map((column) => typeOf(table, column.slice(1, -1)))
  if (types.includes(undefined) || places !== types.map((_, n) => `$${n + 1}`).join(', ')) return null
  const arrays = types.map((type, n) => `$${n + 1}::${type}[]`).join(', ')
  return `insert into "${table}" (${columns}) select * from unnest(${arrays})${tail}`
}

/** The values of `rows`, each as many as the first, as an array for each column. */
export function arraysOf(rows: readonly (readonly SqlValue[])[]): string[] {
  return rows[0]!.map((_, column) => `{${rows.map((row) => elementOf(row[column]!)).join(',')}}`)
}

/** Of an array written as text (PostgreSQL manual, 8.15.6): in quotes nothing is special but these two. */
function elementOf(value: SqlValue): string {
  if (value === null) return 'NULL'
  return typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`
}
