import { columns } from './width.ts'

/** What a cell shows when there is nothing to show. */
export const NOTHING = '-'

const GAP = '  '

/** A table for people: headings, then one line per row, each column as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map((row) => row.map(oneLine))
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => columns(line[column] ?? ''))))
  return lines
    .map((line) =>
      line
        .map((cell, column) => padded(cell, widths[column]!))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n')
}

/** Names and values one below the other; a null value is left out. */
export function sheet(entries: readonly (readonly [string, string | null])[]): string {
  const shown = entries.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  const width = Math.max(0, ...shown.map(([name]) => columns(name)))
  return shown.map(([name, value]) => `${padded(name, width)}${GAP}${oneLine(value)}`).join('\n')
}

const padded = (text: string, width: number): string => text + ' '.repeat(width - columns(text))

/** A value from outside with line breaks must not look like a row of its own. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
