import { readUtf8 } from './bytes.ts'
import { asMembers, isIntegerIn, type Members, member } from './members.ts'

/** The lines of an export file (docs/export.md), without their line feeds. Readers answer null for what is no such line. */

export const EXPORT_VERSION = 1

/** A longer line is refused unread. */
export const EXPORT_LINE_BYTES = 16 * 1024 * 1024

const FORMAT = 'licet-export'

export interface ExportHeader {
  readonly schema: number
  readonly program: string
  readonly madeAt: number
  readonly generation: number
  readonly newestEventAt: number | null
  readonly masterKeyCheck: string
  readonly developmentRoot: string | null
  readonly tables: readonly string[]
  /** Of all tables. */
  readonly rows: number
}

export interface ExportTrailer {
  readonly rows: Readonly<Record<string, number>>
  /** Lower-case hex. */
  readonly sha256: string
}

export type ExportValue = string | number | null

export function writeExportHeader(header: ExportHeader): string {
  return JSON.stringify({
    format: FORMAT,
    version: EXPORT_VERSION,
    schema: header.schema,
    program: header.program,
    made_at: header.madeAt,
    generation: header.generation,
    newest_event_at: header.newestEventAt,
    master_key_check: header.masterKeyCheck,
    development_root: header.developmentRoot,
    tables: header.tables,
    rows: header.rows,
  })
}

/** A number is the version of a format that this program does not read. */
export function readExportHeader(line: Uint8Array): ExportHeader | number | null {
  const members = readObject(line)
  if (members === null || member(members, 'format') !== FORMAT) return null
  const version = member(members, 'version')
  if (!isCount(version)) return null
  return version === EXPORT_VERSION ? headerOf(members) : version
}

function headerOf(members: Members): ExportHeader | null {
  const of = (name: string) => member(members, name)
  const [schema, madeAt, generation, rows] = ['schema', 'made_at', 'generation', 'rows'].map(of)
  const newestEventAt = of('newest_event_at')
  const [program, masterKeyCheck, developmentRoot] = [
    of('program'),
    of('master_key_check'),
    of('development_root'),
  ]
  const tables = of('tables')
  if (!isCount(schema) || !isCount(madeAt) || !isCount(generation) || !isCount(rows)) return null
  if (newestEventAt !== null && !isCount(newestEventAt)) return null
  if (typeof program !== 'string' || typeof masterKeyCheck !== 'string') return null
  if (developmentRoot !== null && typeof developmentRoot !== 'string') return null
  if (!Array.isArray(tables) || tables.some((name) => typeof name !== 'string')) return null
  return { schema, program, madeAt, generation, newestEventAt, masterKeyCheck, developmentRoot, tables, rows }
}

/** NULL is left out. */
export function writeExportRow(table: string, row: Readonly<Record<string, ExportValue>>): string {
  const said: Record<string, ExportValue> = { table }
  for (const [name, value] of Object.entries(row)) if (value !== null) said[name] = value
  return JSON.stringify(said)
}

export function writeExportTrailer({ rows, sha256 }: ExportTrailer): string {
  return JSON.stringify({ end: FORMAT, rows, sha256 })
}

/** A line behind the header: its members, whose meaning the schema knows, or the trailer. */
export type ExportLine =
  | { readonly type: 'row'; readonly table: string; readonly members: Members }
  | { readonly type: 'trailer'; readonly trailer: ExportTrailer }

export function readExportLine(line: Uint8Array): ExportLine | null {
  const members = readObject(line)
  if (members === null) return null
  const table = member(members, 'table')
  if (typeof table === 'string') return { type: 'row', table, members }
  if (member(members, 'end') !== FORMAT) return null
  const rows = asMembers(member(members, 'rows'))
  const sha256 = member(members, 'sha256')
  if (rows === null || typeof sha256 !== 'string' || !Object.values(rows).every(isCount)) return null
  return { type: 'trailer', trailer: { rows: rows as Readonly<Record<string, number>>, sha256 } }
}

function readObject(line: Uint8Array): Members | null {
  const text = readUtf8(line)
  if (text === null) return null
  try {
    return asMembers(JSON.parse(text))
  } catch {
    return null
  }
}

const isCount = (value: unknown): value is number => isIntegerIn(value, 0, Number.MAX_SAFE_INTEGER)
