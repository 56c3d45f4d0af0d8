import { asked } from './postgres.ts'

/** What a database says of its tables, column by column, constraint by constraint; equal for equal schemas. */
export type Described = Readonly<Record<string, unknown>>

type Rows = (sql: string) => Promise<readonly Record<string, unknown>[]>

/** SQLite, and D1, which is one. What a tool of the engine keeps for itself is no table of ours. */
export async function describedBySqlite(rows: Rows): Promise<Described> {
  const objects = await rows(
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT GLOB '_cf_*' ORDER BY name",
  )
  const described: Record<string, unknown> = {}
  for (const { type, name, sql } of objects) {
    if (name === 'd1_migrations' || name === 'sqlite_sequence' || sql === null) continue
    described[String(name)] =
      type === 'table'
        ? { columns: await rows(`PRAGMA table_info(${name})`), says: partsOf(String(sql)) }
        : normal(String(sql))
  }
  return described
}

/** What stands between the outermost brackets, in any order: a column that was added later stands behind the constraints. */
function partsOf(sql: string): readonly string[] {
  const text = normal(sql.replaceAll(/--.*$/gm, ''))
  const parts = ['']
  let depth = 0
  for (const character of text.slice(text.indexOf('(') + 1, -1)) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim()).sort()
}

const normal = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim()

export async function describedByPostgres(url: string): Promise<Described> {
  const schema = 'current_schema()::regnamespace'
  return {
    columns: await asked(
      url,
      `select table_name, column_name, ordinal_position, data_type, is_nullable, column_default
       from information_schema.columns where table_schema = current_schema() order by 1, 3`,
    ),
    indexes: await asked(
      url,
      `select indexname, replace(indexdef, schemaname || '.', '') as says
       from pg_indexes where schemaname = current_schema() order by 1`,
    ),
    constraints: await asked(
      url,
      `select conname, conrelid::regclass::text as "table", pg_get_constraintdef(oid) as says
       from pg_constraint where connamespace = ${schema} order by 1`,
    ),
  }
}
