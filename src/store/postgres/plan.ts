import type { Step } from '../engine.ts'
import type { Statement } from './flight.ts'
import { arraysOf, type GroupedInsert } from './grouped.ts'
import { type Item, isExpected } from './items.ts'

/** A statement on behalf of some items. */
export interface Planned {
  readonly statement: Statement
  /** More than one: it inserts rows for each of them. */
  readonly items: readonly Item[]
  /** Undefined for what inserts for many, which expects nothing. */
  readonly step?: Step
}

/** How the server knows a statement. */
export interface Names {
  nameOf(sql: string): string
  /** The statement that does the same for many rows; undefined where there is none. */
  groupedOf(sql: string): GroupedInsert | undefined
}

/** A statement for each step, in the order of items and steps. */
export function plannedSingly(items: readonly Item[], { nameOf }: Names): readonly Planned[] {
  return items.flatMap((item) =>
    item.map((step) => ({
      statement: { name: nameOf(step.sql), sql: step.sql, values: step.values },
      items: [item],
      step,
    })),
  )
}

/**
 * Those items first that do nothing but insert, with one statement for all that are alike where each has one of its own;
 * the others follow as in `plannedSingly`. The steps of an item keep their order.
 */
export function plannedTogether(items: readonly Item[], names: Names): readonly Planned[] {
  const alike = Map.groupBy(items, (item) => shapeOf(item, names))
  const others = alike.get(null) ?? []
  alike.delete(null)
  const inserts = [...alike.values()].flatMap((group) =>
    group.length > 1 ? plannedAsOne(group, names) : plannedSingly(group, names),
  )
  return [...inserts, ...plannedSingly(others, names)]
}

/** Equal for items whose statements are the same; null for one that does anything but insert. */
function shapeOf(item: Item, { groupedOf }: Names): string | null {
  let shape = ''
  for (const { sql, expect } of item) {
    const grouped = groupedOf(sql)
    if (grouped === undefined || expect !== undefined) return null
    shape += `${grouped.name} `
  }
  return shape
}

function plannedAsOne(items: readonly Item[], { groupedOf }: Names): readonly Planned[] {
  return items[0]!.map(({ sql }, n) => ({
    statement: { ...groupedOf(sql)!, values: arraysOf(items.map((item) => item[n]!.values)) },
    items,
  }))
}

/** Whether a planned statement may have changed or found this many rows. */
export const isAsPlanned = ({ step }: Planned, rows: number): boolean =>
  step === undefined || isExpected(step, rows)
