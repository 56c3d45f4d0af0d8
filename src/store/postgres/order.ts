import type { SqlValue, Step } from '../engine.ts'
import type { Item } from './items.ts'

/**
 * Puts items so that two processes which change the same rows in one transaction lock them in the same order, and
 * none waits for the other in a circle. Items that only insert come first, and all else keeps its place.
 */
export function inLockingOrder(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, row: rowOf(item) }))
    .sort((a, b) => (a.row < b.row ? -1 : Number(a.row > b.row)))
    .map(({ item }) => item)
}

/** What the first row that the item changes is found by. */
function rowOf(item: Item): string {
  for (const { sql, values } of item) {
    const value = soughtBy(sql, values)
    if (value !== undefined) return String(value)
  }
  return ''
}

function soughtBy(sql: string, values: Step['values']): SqlValue | undefined {
  const place = /^(?:update|delete) .*? where "\w+" = \$(\d+)/s.exec(sql)?.[1]
  return place === undefined ? undefined : values[Number(place) - 1]
}
