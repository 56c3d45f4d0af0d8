import { createSecretKey, sign, verify } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { answerHeaders, authenticCall, type Call } from './call.ts'
import { openDatabase, purchaseWriter, tellDurability } from './database.ts'
import { answerForm } from './first-answer.ts'
import { keyIdOf } from './key-id.ts'
import { codeHeader, signingInput } from './license-code.ts'
import { complete, draft, type MadePurchase } from './purchase.ts'
import { mockSettings, preparedKey } from './settings.ts'

/**
 * The hand-written rival: a purchase with the product's cryptography and the product's rows, all purchases of
 * one turn of the event loop in one durable transaction, and nothing else. No catalog, no clock window, no
 * check of fields, no domain, no savepoints, no log; one bad purchase fails its whole batch.
 */
const settings = mockSettings()
const key = preparedKey(settings.codes)
const shop = {
  channel: settings.channel,
  keyId: keyIdOf(settings.accessKey),
  masterKey: createSecretKey(settings.masterKey, 'base64url'),
  certificate: key.certificate,
}
const db = openDatabase(settings.database, settings.schema)
const readMark = db.prepare<[string, string], { request: string; answer: string }>(
  'SELECT request, answer FROM replay_marks WHERE access_key = ? AND signature = ?',
)
const answerAgain = answerForm(db, key.certificate)
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

function answer(response: ServerResponse, body: string): void {
  response.writeHead(200, answerHeaders(body, settings.accessKey)).end(body)
}

function buy(call: Call): MadePurchase {
  const drafted = draft(call, key.kid)
  const message = signingInput(codeHeader(key.kid), drafted.body)
  const signature = sign(null, message, key.privateKey)
  if (!verify(null, message, key.publicKey, signature)) throw new Error('the key signs wrongly')
  return complete(drafted, signature, shop)
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
