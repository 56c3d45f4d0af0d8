import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { LEFT_OUT, MOVED_TABLES, TABLES } from '../../src/store/tables.ts'
import { SCHEMA } from '../support/store-sqlite.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly notnull: number
  /** The place in the primary key from 1, or 0. */
  readonly pk: number
}

const db = new Sqlite(':memory:')
db.exec(SCHEMA)
const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
const columnsOf = (table: string): Column[] => db.pragma(`table_info(${table})`) as Column[]
const leadsTo = (table: string): string[] =>
  (db.pragma(`foreign_key_list(${table})`) as { table: string }[]).map((key) => key.table)

describe('an export', () => {
  it('forgets no table of schema.sql', () => {
    expect([...MOVED_TABLES.map(({ name }) => name), ...LEFT_OUT].sort()).toEqual(names.sort())
  })

  it.each(MOVED_TABLES)('has every column of $name, and what it may hold', ({ name, columns }) => {
    const kinds = columnsOf(name).map(({ name: column, type, notnull }) => [
      column,
      `${type === 'TEXT' ? 'text' : 'integer'}${notnull === 1 ? '' : '?'}`,
    ])
    expect(columns).toEqual(kinds)
  })

  it.each(Object.entries(TABLES))('goes through %s by its primary key', (name, { key }) => {
    const primary = columnsOf(name).filter(({ pk }) => pk > 0)
    expect(key).toEqual(primary.sort((a, b) => a.pk - b.pk).map((column) => column.name))
  })

  it('has every table behind those that its foreign keys lead to', () => {
    const order = MOVED_TABLES.map(({ name }) => name)
    const leads = order.flatMap((name) => leadsTo(name).map((other) => [name, other] as const))
    expect(leads.length).toBeGreaterThan(2)
    for (const [name, other] of leads) expect(order.indexOf(name)).toBeGreaterThan(order.indexOf(other))
  })
})
