import { no, type Result, yes } from '../../domain/result.ts'
import type { ExportValue } from '../../format/export-lines.ts'
import { type Members, member } from '../../format/members.ts'
import type { ExportFault } from './fault.ts'
import type { Column, Kind, MovedTable } from './moving.ts'

/** The values of a row in the order of its columns, or the first fault of line `line`. */
export function rowValues(
  { name, columns }: MovedTable,
  members: Members,
  line: number,
): Result<readonly ExportValue[], ExportFault> {
  // One of them names the table.
  let foreign = Object.keys(members).length - 1
  const values: ExportValue[] = []
  for (const [column, kind] of columns) {
    const said = member(members, column)
    if (said !== undefined) foreign--
    const value = said ?? null
    if (!isOfKind(value, kind)) return no({ reason: 'wrong_value', line, table: name, column })
    values.push(value)
  }
  return foreign === 0
    ? yes(values)
    : no({ reason: 'unknown_column', line, table: name, column: firstForeign(members, columns) })
}

function isOfKind(value: unknown, kind: Kind): value is ExportValue {
  switch (kind) {
    case 'text?':
      return value === null || typeof value === 'string'
    case 'text':
      return typeof value === 'string'
    case 'integer?':
      return value === null || Number.isSafeInteger(value)
    case 'integer':
      return Number.isSafeInteger(value)
    default:
      return kind satisfies never
  }
}

function firstForeign(members: Members, columns: readonly Column[]): string {
  const known = new Set(['table', ...columns.map(([name]) => name)])
  return Object.keys(members).find((name) => !known.has(name)) ?? ''
}
