import { createPublicKey, sign, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { openDatabase } from './database.ts'
import { codeHeader, readCode, signingInput } from './license-code.ts'
import { mockSettings, preparedKey } from './settings.ts'

/**
 * The hand-written rival for validation: one signature verified, one indexed read, one statement signed. It
 * knows one key, one product, one edition and codes exactly as they were issued; no certificates, no revoked
 * keys, no record of issued codes, no devices, no log.
 */
const settings = mockSettings()
const codesKey = createPublicKey({ key: settings.codes.jwk, format: 'jwk' })
const statements = preparedKey(settings.statements)
const certificates = [settings.codes.certificate, statements.certificate]
const db = openDatabase(settings.database, settings.schema)

interface Row {
  readonly status: string
  readonly revision: number
  readonly seats: number
  readonly grace_days: number
  readonly paid_until: number
  readonly created_at: number
}

const readLicense = db.prepare<[string], Row>(
  'SELECT status, revision, seats, grace_days, paid_until, created_at FROM licenses WHERE id = ?',
)

const FEATURES = ['render', 'export', 'simulate']
const STATEMENT_LIFE = 86_400
const HEADER = codeHeader(settings.codes.kid)
const STATEMENT_HEADER = `{"alg":"EdDSA","kid":"${statements.kid}","typ":"license-statement+jwt"}`

function validate({ code, nonce }: { code: string; nonce: string }): string {
  const read = readCode(code)
  if (read === null) return REFUSED
  if (!verify(null, signingInput(HEADER, read.body), codesKey, read.signature)) return REFUSED
  const id = read.body.toString('hex', 6, 14)
  const row = readLicense.get(id)
  if (row === undefined) return REFUSED
  const now = Math.floor(Date.now() / 1000)
  const valid = row.status === 'active' && now < row.paid_until
  const standing = valid ? 'active' : 'expired'
  const license = licenseView(id, row)
  const statement = statementOf(id, row, now, nonce)
  return JSON.stringify({
    valid,
    standing,
    reason: valid ? null : standing,
    license,
    statement,
    certificates,
  })
}

const REFUSED = JSON.stringify({
  valid: false,
  standing: null,
  reason: 'malformed',
  license: null,
  statement: null,
})

function licenseView(id: string, row: Row) {
  return {
    id,
    product: 'cad-pro',
    edition: 'flagship',
    features: FEATURES,
    seats: row.seats,
    trial: false,
    revision: row.revision,
    issuedAt: rfc3339(row.created_at),
    paidUntil: rfc3339(row.paid_until),
    worksUntil: rfc3339(worksUntil(row)),
  }
}

const worksUntil = (row: Row): number => row.paid_until + 86_400 * row.grace_days
const rfc3339 = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`

function statementOf(id: string, row: Row, now: number, nonce: string): string {
  const claims = {
    iss: 'http://127.0.0.1',
    sub: id,
    aud: 'cad-pro',
    iat: now,
    exp: Math.min(now + STATEMENT_LIFE, worksUntil(row)),
    root: 1,
    rev: row.revision,
    status: row.status,
    paid_until: row.paid_until,
    works_until: worksUntil(row),
    product: 1001,
    edition: 'flagship',
    features: FEATURES,
    seats: row.seats,
    trial: false,
    nonce,
  }
  const input = signingInput(STATEMENT_HEADER, Buffer.from(JSON.stringify(claims)))
  return `${input.toString('latin1')}.${sign(null, input, statements.privateKey).toString('base64url')}`
}

function receive(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = validate(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    const length = Buffer.byteLength(body)
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': length }).end(body)
  })
}

createServer((request, response) => {
  if (request.method === 'POST') receive(request, response)
  else response.writeHead(404).end()
}).listen(settings.port, '127.0.0.1')

process.once('SIGTERM', () => process.exit())
