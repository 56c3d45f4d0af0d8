import { no, type Result, yes } from '../../domain/result.ts'
import { EXPORT_VERSION, type ExportHeader, readExportHeader } from '../../format/export-lines.ts'
import type { ExportFault } from './fault.ts'
import type { Moving } from './moving.ts'

/** gzip (RFC 1952), zstd (RFC 8878), xz. */
const COMPRESSED: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0xfd, 0x37, 0x7a],
]

/** Judges a first line: a header of this form, of this schema, with its tables and no other. */
export function readHeader(
  line: Uint8Array,
  { schema, tables }: Pick<Moving, 'schema' | 'tables'>,
): Result<ExportHeader, ExportFault> {
  if (COMPRESSED.some((magic) => magic.every((byte, i) => line[i] === byte)))
    return no({ reason: 'compressed' })
  const header = readExportHeader(line)
  if (header === null) return no({ reason: 'not_an_export' })
  if (typeof header === 'number')
    return no({ reason: 'newer_format', version: header, known: EXPORT_VERSION })
  if (header.schema !== schema) {
    return no({ reason: 'other_schema', schema: header.schema, known: schema, program: header.program })
  }
  const names = new Set(tables.map(({ name }) => name))
  const unknown = header.tables.find((name) => !names.has(name))
  if (unknown !== undefined) return no({ reason: 'unknown_table', line: 1, table: unknown })
  const missing = tables.find(({ name }) => !header.tables.includes(name))
  return missing === undefined ? yes(header) : no({ reason: 'missing_table', table: missing.name })
}
