import { createPublicKey, sign, verify } from 'node:crypto'
import { codeHeader, readCode, signingInput } from './license-code.ts'
import { mockSettings, preparedKey } from './settings.ts'

/**
 * What the rivals for validation do but for the reading: a code judged, by its signature or by the digest that was kept when it was
 * issued, and one statement signed. They know one key, one product, one edition and codes exactly as they were issued; no
 * certificates, no revoked keys, no test codes, no devices, no log.
 */
const settings = mockSettings()
const codesKey = createPublicKey({ key: settings.codes.jwk, format: 'jwk' })
const statements = preparedKey(settings.statements)
const certificates = [settings.codes.certificate, statements.certificate]

export interface Row {
  readonly status: string
  readonly revision: number
  readonly seats: number
  readonly grace_days: number
  readonly paid_until: number
  readonly created_at: number
}

const COLUMNS = 'status, l.revision, seats, grace_days, paid_until, created_at'

export const READ_LICENSE = `SELECT ${COLUMNS} FROM licenses l WHERE id =`

export interface IssuedRow extends Row {
  readonly code_digest: string
}

/**
 * The license, and the digest of the code that `revision` issued. Cast, since SQLite prepares a join anew for every value that is
 * compared as it is given, which costs ten times the reading.
 */
export const readIssued = (id: string, revision: string): string =>
  `SELECT ${COLUMNS}, code_digest FROM license_events e JOIN licenses l ON l.id = e.license_id
   WHERE e.license_id = CAST(${id} AS TEXT) AND e.revision = CAST(${revision} AS BIGINT)`

const FEATURES = ['render', 'export', 'simulate']
const STATEMENT_LIFE = 86_400
const HEADER = codeHeader(settings.codes.kid)
const STATEMENT_HEADER = `{"alg":"EdDSA","kid":"${statements.kid}","typ":"license-statement+jwt"}`

export interface Pasted {
  readonly code: string
  readonly nonce: string
}

/** The id of the license of a code that the one key signed, or null. */
export function genuineId({ code }: Pasted): string | null {
  const read = readCode(code)
  if (read === null) return null
  if (!verify(null, signingInput(HEADER, read.body), codesKey, read.signature)) return null
  return read.body.toString('hex', 6, 14)
}

/** What a readable code says of itself. */
export interface Claim {
  readonly id: string
  readonly revision: number
  /** As it is kept. */
  readonly digest: string
}

export function claimOf({ code }: Pasted): Claim | null {
  const read = readCode(code)
  if (read === null) return null
  const { body, digest } = read
  return {
    id: body.toString('hex', 6, 14),
    revision: body.readUInt16BE(30),
    digest: digest.toString('base64url', 0, 16),
  }
}

/** The answer about the license of a code that was issued, which this digest says as well as its signature. */
export function answerToIssued(pasted: Pasted, { id, digest }: Claim, row: IssuedRow | undefined): string {
  return answerAbout(pasted, id, row?.code_digest === digest ? row : undefined)
}

/** The answer about a license as its row is now, with a signed statement. */
export function answerAbout({ nonce }: Pasted, id: string, row: Row | undefined): string {
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

export const REFUSED = JSON.stringify({
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
