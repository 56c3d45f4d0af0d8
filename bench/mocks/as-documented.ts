import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { CompactSign, compactVerify, importJWK } from 'jose'
import { Kysely, SqliteDialect } from 'kysely'
import type { Database } from '../../src/store/schema.ts'
import { answerHeaders, authenticCall } from './call.ts'
import { openDatabase, tellDurability } from './database.ts'
import { answerForm } from './first-answer.ts'
import { complete, type Draft, draft } from './purchase.ts'
import { mockSettings } from './settings.ts'
import { shopOf } from './shop.ts'

/**
 * The same purchase as the documents of its libraries would have it: Hono, Kysely's builder on every call
 * with `transaction()`, jose on every call to sign and to verify, one durable transaction per request.
 */
const settings = mockSettings()
const { jwk, kid, certificate } = settings.codes
const { d: _private, ...publicJwk } = jwk
const privateKey = await importJWK(jwk, 'EdDSA')
const publicKey = await importJWK(publicJwk, 'EdDSA')
const shop = shopOf(settings)
const sqlite = openDatabase(settings.database, settings.schema)
const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: sqlite }) })
const answerAgain = answerForm(sqlite, certificate)
let told = false

async function signed({ body }: Draft): Promise<Buffer> {
  const jws = await new CompactSign(body)
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'lc1' })
    .sign(privateKey)
  await compactVerify(jws, publicKey)
  return Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url')
}

const app = new Hono()
app.get('/callbacks/:channel', async (c) => {
  const call = authenticCall(new URL(c.req.url).search.slice(1), settings.accessKey)
  if (call === null) return c.body(null, 403)
  const answer = await db.transaction().execute(async (trx) => {
    const mark = await trx
      .selectFrom('replay_marks')
      .select(['request', 'answer'])
      .where('access_key', '=', shop.keyId)
      .where('signature', '=', call.signature)
      .executeTakeFirst()
    if (mark?.request === call.request) return answerAgain(mark.answer)
    const drafted = draft(call, kid)
    const { rows, answer } = complete(drafted, await signed(drafted), shop)
    await trx.insertInto('licenses').values(rows.licenses).execute()
    await trx.insertInto('license_events').values(rows.license_events).execute()
    await trx.insertInto('customers').values(rows.customers).execute()
    await trx.insertInto('replay_marks').values(rows.replay_marks).execute()
    return answer
  })
  if (!told) tellDurability(sqlite)
  told = true
  return c.body(answer, 200, answerHeaders(answer, settings.accessKey))
})

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: settings.port })
process.once('SIGTERM', () => process.exit())
