import { createCipheriv, createDecipheriv, hash, type KeyObject, randomBytes } from 'node:crypto'
import type { EventRow, LicenseRow, MarkRow } from '../../src/store/schema.ts'
import type { Call } from './call.ts'
import { type AnswerColumns, answerBody, keptAnswer, markText } from './first-answer.ts'
import { type CodeFields, codeBody, codeDigest, writeCode } from './license-code.ts'

/** What one purchase leaves in the database: the rows that the product leaves, column by column and as short. */
export interface PurchaseRows {
  readonly licenses: LicenseRow
  readonly license_events: EventRow
  readonly customers: { readonly license_id: string; readonly sealed: string }
  readonly replay_marks: MarkRow
}

/** A purchase that is not signed yet. */
export interface Draft {
  readonly call: Call
  readonly fields: CodeFields
  readonly body: Buffer
}

const PRODUCT = 1001
const EDITION = 2
const FEATURES = 7
const GRACE_DAYS = 3
const AUTH_TOKEN_WINDOW = 900

export function draft(call: Call, kid: string): Draft {
  const fields = {
    kid,
    licenseId: randomBytes(8).toString('hex'),
    product: PRODUCT,
    edition: EDITION,
    seats: Number(call.parameters.get('amount')),
    issuedAt: Math.floor(Date.now() / 1000),
    paidUntil: secondsOf(call.parameters.get('expireTime') ?? ''),
    graceDays: GRACE_DAYS,
    features: FEATURES,
  }
  return { call, fields, body: codeBody(fields) }
}

function secondsOf(digits: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? []
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) /
    1000
  )
}

export interface MadePurchase {
  readonly rows: PurchaseRows
  readonly answer: string
}

export interface Shop {
  readonly channel: string
  readonly keyId: string
  readonly masterKey: KeyObject
  /** Opens phone and e-mail. */
  readonly buyersKey: KeyObject
  readonly certificate: string
}

/** Everything that is stored and answered, once the code is signed. */
export function complete({ call, fields, body }: Draft, signature: Buffer, shop: Shop): MadePurchase {
  const code = Buffer.concat([body, signature])
  const digest = codeDigest(code)
  const text = writeCode(code, digest)
  const license = `${text} ${shop.certificate}`
  const instanceId = fields.licenseId
  const answer = answerBody(license, instanceId)
  const rows = {
    licenses: { ...licenseRow(call, fields, code, shop), ...keptAnswer(text, fieldsDigest(call)) },
    license_events: eventRow(fields, digest),
    customers: { license_id: instanceId, sealed: sealedCustomer(call, instanceId, shop) },
    replay_marks: markRow(call, fields, shop),
  }
  return { rows, answer }
}

function licenseRow(
  { parameters }: Call,
  fields: CodeFields,
  code: Buffer,
  { channel }: Shop,
): Omit<LicenseRow, keyof AnswerColumns> {
  return {
    id: fields.licenseId,
    channel,
    instance: fields.licenseId,
    order_id: parameters.get('orderId') ?? null,
    order_line: parameters.get('orderLineId') ?? null,
    status: 'active',
    revision: 1,
    product: fields.product,
    edition: fields.edition,
    seats: fields.seats,
    features: fields.features,
    trial: 0,
    grace_days: fields.graceDays,
    paid_until: fields.paidUntil,
    binding: null,
    freeze_reason: null,
    held: null,
    orders: null,
    hand_over_floor: 0,
    codes_until: fields.paidUntil + 86_400 * fields.graceDays,
    shut_out_below: null,
    shut_out_until: null,
    due: fields.paidUntil + 86_400 * fields.graceDays,
    listed_until: null,
    created_at: fields.issuedAt,
    code_revision: 1,
    code_kid: fields.kid,
    code_bytes: code.toString('base64url'),
  }
}

function eventRow(fields: CodeFields, digest: Buffer): EventRow {
  const { product, edition, seats, features, graceDays, paidUntil, licenseId, issuedAt } = fields
  return {
    license_id: licenseId,
    revision: 1,
    type: 'i',
    data: `\u0002${product}\u0003${edition}\u0004${seats}\u0005${features}\u0006${graceDays}\u0008${paidUntil}\u0009`,
    at: issuedAt,
    who: 'c',
    reason: null,
    code_digest: digest.toString('base64url', 0, 16),
  }
}

const OPEN = ['customerId', 'customerName', 'userId', 'userName']
const ENCRYPTED = ['mobilePhone', 'email']

const IV_LENGTH = 16

function opened(text: string, key: KeyObject): string {
  const decipher = createDecipheriv('aes-256-cbc', key, text.slice(0, IV_LENGTH))
  return decipher.update(text.slice(IV_LENGTH), 'base64', 'utf8') + decipher.final('utf8')
}

/** AES-256-GCM as the product seals: a JWE without its header; the license it belongs to is authenticated with it. */
function sealedCustomer({ parameters }: Call, licenseId: string, { masterKey, buyersKey }: Shop): string {
  const personal = [
    ...OPEN.map((name) => parameters.get(name)),
    ...ENCRYPTED.map((name) => opened(parameters.get(name) ?? '', buyersKey)),
  ]
  const values = personal.map((value, place) => String.fromCharCode(2 + place) + value)
  const purpose = `{"alg":"dir","enc":"A256GCM","purpose":"customer:${licenseId}"}`
  const header = Buffer.from(purpose).toString('base64url')
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(header))
  const text = Buffer.concat([cipher.update(`\u0001${values.join('')}\u0008`), cipher.final()])
  return `.${Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')}`
}

function fieldsDigest({ parameters }: Call): string {
  const deciding = ['productId', 'skuCode', 'amount', 'expireTime'].map((name) => parameters.get(name))
  return hash('sha256', JSON.stringify(deciding), 'buffer').toString('base64url', 0, 6)
}

function markRow({ signature, request }: Call, fields: CodeFields, { keyId }: Shop): MarkRow {
  return {
    access_key: keyId,
    signature,
    nonce: null,
    request,
    answer: markText(fields.licenseId),
    expires: fields.issuedAt + 2 * AUTH_TOKEN_WINDOW + 60,
  }
}
