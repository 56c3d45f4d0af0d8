import { createServer, type ServerResponse } from 'node:http'
import { authenticCall } from './call.ts'
import { openDatabase, purchaseWriter, tellDurability } from './database.ts'
import { answerForm } from './first-answer.ts'
import type { MadePurchase } from './purchase.ts'
import { answer, buy, settings, shop } from './selling.ts'

/**
 * The hand-written rival on SQLite: all purchases of one turn of the event loop in one durable transaction, without
 * savepoints.
 */
const db = openDatabase(settings.database, settings.schema)
const readMark = db.prepare<[string, string], { request: string; answer: string }>(
  'SELECT request, answer FROM replay_marks WHERE access_key = ? AND signature = ?',
)
const answerAgain = answerForm(db, shop.certificate)
const write = purchaseWriter(db)

interface Waiting {
  readonly purchase: MadePurchase
  readonly response: ServerResponse
}

let queue: Waiting[] = []
let told = false

const writeAll = db.transaction((batch: readonly Waiting[]) => {
  for (const { purchase } of batch) write(purchase.rows)
})

function flush(): void {
  const batch = queue
  queue = []
  writeAll.immediate(batch)
  if (!told) tellDurability(db)
  told = true
  for (const { purchase, response } of batch) answer(response, purchase.answer)
}

createServer((request, response) => {
  const url = request.url ?? ''
  const call = authenticCall(url.slice(url.indexOf('?') + 1), settings.accessKey)
  if (call === null) return void response.writeHead(403).end()
  const mark = readMark.get(shop.keyId, call.signature)
  if (mark?.request === call.request) return answer(response, answerAgain(mark.answer))
  queue.push({ purchase: buy(call), response })
  if (queue.length === 1) setImmediate(flush)
}).listen(settings.port, '127.0.0.1')

process.once('SIGTERM', () => process.exit())
