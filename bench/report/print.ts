import { type CaseReport, isMet, type Ratio, type Table, type Target } from './case-report.ts'

export function printCase({ title, notes, tables }: CaseReport): void {
  console.log(`\n== ${title}\n`)
  for (const table of tables) printTable(table)
  for (const note of notes) console.log(`  ${note}`)
}

/** All ratios of all cases, with what each target says of it. */
export function printRatios(reports: readonly CaseReport[]): void {
  const rows = reports.flatMap(({ name, ratios }) => ratios.map((ratio) => [name, ...ratioCells(ratio)]))
  console.log('\n== Ratios: median of the ratios of each round\n')
  printTable({ title: '', columns: ['case', 'ratio', 'measured', 'target', ''], rows })
}

function ratioCells({ what, value, target }: Ratio): (string | null)[] {
  return [what, value === null ? null : value.toFixed(2), target && spelled(target), outcome(value, target)]
}

const spelled = ({ relation, bound, kind }: Target): string =>
  `${relation === 'at least' ? '>=' : '<='} ${bound}${kind === 'goal' ? ' (goal)' : ''}`

function outcome(value: number | null, target: Target | null): string {
  if (target === null) return ''
  if (value === null) return 'not measured'
  return isMet(value, target) ? 'met' : 'MISSED'
}

export function printTable({ title, columns, rows }: Table): void {
  const cells = [columns, ...rows].map((row) => row.map(cellText))
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const isNumeric = columns.map((_, column) => rows.some((row) => typeof row[column] === 'number'))
  if (title !== '') console.log(`  ${title}`)
  for (const row of cells) {
    const padded = row.map((cell, at) =>
      isNumeric[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
    )
    console.log(`  ${padded.join('  ')}`.trimEnd())
  }
  console.log()
}

function cellText(value: string | number | null): string {
  if (value === null) return 'n/a'
  if (typeof value === 'string') return value
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
