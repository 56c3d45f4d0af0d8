import { renameSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Desk, openDesk, PURCHASE } from '../authority/desk.ts'
import type { TestInstance } from '../support/instance.ts'
import { type Listening, listen } from './server.ts'

/** An open instance and the driver's connection under its store, to hurt it. */
let desk: Desk
let again: TestInstance
let connection: Sqlite.Database
let server: Listening
beforeEach(async () => {
  desk = await openDesk()
  const pragma = vi.spyOn(Sqlite.prototype, 'pragma')
  again = await desk.reopen()
  connection = pragma.mock.contexts.findLast(
    (one) => (one as Sqlite.Database).name === desk.config.database,
  ) as Sqlite.Database
  pragma.mockRestore()
  server = await listen(again.authority)
})
afterEach(async () => {
  await server.close()
  await again.close()
  await desk.close()
})

/** Does the harm; answers with what takes it back. */
type Harm = (connection: Sqlite.Database, path: string) => () => void

const HARMS: readonly [string, Harm][] = [
  [
    'locked by another process',
    (_, path) => {
      const other = new Sqlite(path)
      other.exec('BEGIN IMMEDIATE')
      return () => void other.close()
    },
  ],
  [
    'read-only',
    (db) => {
      db.pragma('query_only = ON')
      return () => void db.pragma('query_only = OFF')
    },
  ],
  [
    'moved away',
    (_, path) => {
      renameSync(path, `${path}.away`)
      return () => renameSync(`${path}.away`, path)
    },
  ],
]

const purchase = (orderId: string) => desk.caller.getLicense({ ...PURCHASE, orderId }, desk.moment())

async function sold(orderId: string) {
  const began = performance.now()
  const response = await server.call(purchase(orderId))
  const text = await response.text()
  expect(performance.now() - began).toBeLessThan(4_000)
  expect(desk.caller.bodySignHolds(text, response.headers.get('body-sign'))).toBe(true)
  return JSON.parse(text).resultCode
}

const ready = async () => (await fetch(`${server.url}/readyz`)).status

test.each(HARMS)(
  'while the database is %s: 000005 in time, not ready; then by itself as before',
  async (_, harm) => {
    const before = desk.newOrder()
    expect(await sold(before)).toBe('000000')
    const mend = harm(connection, desk.config.database)
    const order = desk.newOrder()
    expect(await Promise.all([sold(order), sold(desk.newOrder()), ready()])).toEqual([
      '000005',
      '000005',
      503,
    ])
    const keys = await fetch(`${server.url}/v1/keys`)
    expect(keys.status).toBe(200)
    expect(again.lines.some(({ level, event }) => level === 'error' && event === 'callback_failed')).toBe(
      true,
    )
    mend()
    expect(await ready()).toBe(200)
    expect(await sold(order)).toBe('000000')
    expect(await sold(before)).toBe('000000')
  },
  20_000,
)
