import { createServer } from 'node:http'
import pg from 'pg'
import { authenticCall } from './call.ts'
import { answerFormBody, ONLY_FORM } from './first-answer.ts'
import type { PurchaseRows } from './purchase.ts'
import { answer, buy, settings, shop } from './selling.ts'

/** Calls `done` once the rows are durable. */
export type Commit = (rows: PurchaseRows, done: () => void) => void

/** Connections, as many as the product has. */
const MOST_CONNECTIONS = 10

export const pool = new pg.Pool({ connectionString: settings.database, max: MOST_CONNECTIONS })

/**
 * Sells new orders on PostgreSQL. Nothing is looked up before: an order or a call that comes again violates a key, and ends the
 * process like everything that goes wrong.
 */
export async function sellOnPostgres(commit: Commit): Promise<void> {
  await pool.query('INSERT INTO answer_forms (form, body) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    ONLY_FORM,
    answerFormBody(shop.certificate),
  ])
  createServer((request, response) => {
    const url = request.url ?? ''
    const call = authenticCall(url.slice(url.indexOf('?') + 1), settings.accessKey)
    if (call === null) return void response.writeHead(403).end()
    const { rows, answer: body } = buy(call)
    commit(rows, () => answer(response, body))
  }).listen(settings.port, '127.0.0.1')
  process.once('SIGTERM', () => process.exit())
}

const TABLES = ['licenses', 'license_events', 'customers', 'replay_marks'] as const

const insertOf = (table: string, place: number): string =>
  `INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $${place})`

const [first, second, third, last] = TABLES.map((table, index) => insertOf(table, index + 1))

/**
 * All rows of any number of purchases in one statement, which is a transaction of its own: one round trip, and nothing that the server
 * reads or plans more than once. The values of a table travel as one JSON text, which costs both sides the least.
 */
export async function insertAll(purchases: readonly PurchaseRows[]): Promise<void> {
  await pool.query({
    name: 'purchases',
    text: `WITH a AS (${first}), b AS (${second}), c AS (${third}) ${last}`,
    values: TABLES.map((table) => JSON.stringify(purchases.map((rows) => rows[table]))),
  })
}
