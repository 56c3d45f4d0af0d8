import type { Kysely } from 'kysely'
import type { MovedRow } from '../authority/move/moving.ts'
import type { Engine, SqlValue, Step } from './engine.ts'
import type { Database } from './schema.ts'
import { MOVED_TABLES } from './tables.ts'

/** Rows of one statement: more gain nothing, and the statement is kept prepared. */
const MOST_ROWS = 64

interface Insert {
  /** Rows that `many` takes. */
  readonly width: number
  readonly many: string
  readonly one: string
}

/**
 * Rows as steps, in their order. Where an engine answers from afar, what a batch costs is the number of its statements; so
 * each takes as many rows as may be bound.
 */
export function movedInserts(engine: Engine, db: Kysely<Database>): (rows: readonly MovedRow[]) => Step[] {
  const inserts = new Map(MOVED_TABLES.map(({ name }) => [name, insertOf(engine, db, name)]))
  return (rows) => runsOf(rows).flatMap((run) => stepsOf(inserts.get(run[0]!.table)!, run))
}

/** Rows of one table that stand together. */
function runsOf(rows: readonly MovedRow[]): MovedRow[][] {
  const runs: MovedRow[][] = []
  for (const row of rows) {
    const run = runs.at(-1)
    if (run?.at(0)?.table === row.table) run.push(row)
    else runs.push([row])
  }
  return runs
}

function stepsOf({ width, many, one }: Insert, rows: readonly MovedRow[]): Step[] {
  const steps: Step[] = []
  let at = 0
  for (; at + width <= rows.length; at += width) {
    steps.push({ sql: many, values: rows.slice(at, at + width).flatMap(({ values }) => values) })
  }
  return [...steps, ...rows.slice(at).map(({ values }) => ({ sql: one, values }))]
}

function insertOf(engine: Engine, db: Kysely<Database>, name: string): Insert {
  const columns = MOVED_TABLES.find((table) => table.name === name)!.columns.map(([column]) => column)
  const width = Math.max(1, Math.min(MOST_ROWS, Math.floor(engine.mostValues / columns.length)))
  const one = insertSql(db, name, columns, 1)
  const many = insertSql(db, name, columns, width)
  engine.prepare(one)
  engine.prepare(many)
  return { width, many, one }
}

/** Every value is bound: columns, then rows, in their order. */
function insertSql(db: Kysely<Database>, name: string, columns: readonly string[], rows: number): string {
  const row = Object.fromEntries(columns.map((column): [string, SqlValue] => [column, '']))
  return (db as unknown as Kysely<Record<string, Record<string, SqlValue>>>)
    .insertInto(name)
    .values(Array.from({ length: rows }, () => row))
    .compile().sql
}
