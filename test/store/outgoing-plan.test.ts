import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import type { Engine } from '../../src/store/engine.ts'
import { outgoing } from '../../src/store/outgoing.ts'
import { createQueries } from '../../src/store/queries.ts'
import { sqliteCompiler } from '../../src/store/sqlite-compiler.ts'
import { newDatabasePath, openedAt, rawAt, SCHEMA } from '../support/store-sqlite.ts'

/** The statement that asks for calls which are due, and what SQLite would do for it. */
function planOfDueCalls(): readonly string[] {
  const prepared: string[] = []
  const engine = { prepare: (sql: string) => void prepared.push(sql) } as Engine
  outgoing(createQueries(engine, sqliteCompiler()), engine)
  const due = prepared.filter((sql) => sql.includes('"due" <='))
  expect(due).toHaveLength(1)
  const db = new Sqlite(':memory:')
  onTestFinished(() => void db.close())
  db.exec(SCHEMA)
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${due[0]}`).all('huawei', 'push_usage', 1, 40)
  return rows.map((row) => (row as { detail: string }).detail)
}

test('calls that are due are found in an index of their lane, in their order, and none behind them is looked at', () => {
  expect(planOfDueCalls()).toEqual([
    'SEARCH outgoing_calls USING INDEX outgoing_calls_by_lane (channel=? AND type=? AND due<?)',
  ])
})

test('50,000 that are due cost a round no more than a few', async () => {
  const path = newDatabasePath()
  const store = openedAt(path)
  rawAt(path).exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
    INSERT INTO outgoing_calls (id, channel, type, call_key, sealed, at, state, due, attempts, error, tried_at)
    SELECT printf('%016x', i), 'huawei', 'push_usage', 'k' || i, hex(zeroblob(200)), i, 'waiting', i, 0, NULL, NULL FROM n
  `)
  const spent: number[] = []
  for (let n = 0; n < 21; n++) {
    const begun = performance.now()
    expect(await store.dueCalls('huawei', 'push_usage', 99_999, 40)).toHaveLength(40)
    spent.push(performance.now() - begun)
  }
  console.info(`dueCalls of 50,000: ${spent.sort((a, b) => a - b)[10]!.toFixed(2)} ms`)
  // A read of all of them takes 70 ms and more.
  expect(spent[10]).toBeLessThan(10)
})
