import type { ExportHeader } from '../../format/export-lines.ts'
import type { Members } from '../../format/members.ts'
import type { ExportFault } from './fault.ts'
import type { MovedRow, MovedTable } from './moving.ts'
import { rowValues } from './row.ts'

/** Rows on their way into one durable write, and the count of all before them. */
export interface Gathered {
  /** Null when it was taken. `size`: bytes of its line. */
  take(table: string, members: Members, size: number, line: number): ExportFault | null
  isFull(): boolean
  isEmpty(): boolean
  empty(): readonly MovedRow[]
  /** With the counts of a trailer: every table of the header, each as often as it came. */
  agreesWith(counts: Readonly<Record<string, number>>): boolean
}

/** Rows of one durable write, and bytes of their lines. */
const MOST_ROWS = 1_000
const MOST_BYTES = 512 * 1024

export function gatherRows(tables: readonly MovedTable[], header: ExportHeader): Gathered {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const counts = new Map(header.tables.map((name) => [name, 0]))
  let place = 0
  let rows: MovedRow[] = []
  let bytes = 0
  let all = 0

  function misplaced(table: string, line: number): ExportFault | null {
    if (!byName.has(table)) return { reason: 'unknown_table', line, table }
    const at = header.tables.indexOf(table, place)
    if (at < 0) return { reason: 'out_of_order', line, table, after: header.tables[place]! }
    place = at
    return null
  }

  return {
    take(table, members, size, line) {
      const fault = table === header.tables[place] ? null : misplaced(table, line)
      if (fault !== null) return fault
      const values = rowValues(byName.get(table)!, members, line)
      if (!values.ok) return values.no
      rows.push({ table, values: values.value })
      counts.set(table, counts.get(table)! + 1)
      bytes += size
      all++
      return null
    },
    isFull: () => rows.length >= MOST_ROWS || bytes >= MOST_BYTES,
    isEmpty: () => rows.length === 0,
    empty() {
      const full = rows
      rows = []
      bytes = 0
      return full
    },
    agreesWith: (said) =>
      all === header.rows &&
      Object.keys(said).length === counts.size &&
      [...counts].every(([table, count]) => said[table] === count),
  }
}
