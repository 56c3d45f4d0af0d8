import { hash } from 'node:crypto'

/** The license code of contract 1.1, written and read by hand for the one shape the mocks sell: not bound. */
const BODY_LENGTH = 36
const CODE_LENGTH = BODY_LENGTH + 64
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export interface CodeFields {
  readonly kid: string
  readonly licenseId: string
  readonly product: number
  readonly edition: number
  readonly seats: number
  readonly issuedAt: number
  readonly paidUntil: number
  readonly graceDays: number
  readonly features: number
}

export function codeBody(fields: CodeFields): Buffer {
  const body = Buffer.alloc(BODY_LENGTH)
  body[0] = 1
  body.write(fields.kid, 2, 'hex')
  body.write(fields.licenseId, 6, 'hex')
  body.writeUInt32BE(fields.product, 14)
  body.writeUInt16BE(fields.edition, 18)
  body.writeUInt16BE(fields.seats, 20)
  body.writeUInt32BE(fields.issuedAt, 22)
  body.writeUInt32BE(fields.paidUntil, 26)
  body.writeUInt16BE(1, 30)
  body[32] = fields.graceDays
  body.writeUIntBE(fields.features, 33, 3)
  return body
}

/** The JWS signing input of contract 1 for a header text. */
export function signingInput(header: string, body: Buffer): Buffer {
  return Buffer.from(`${Buffer.from(header).toString('base64url')}.${body.toString('base64url')}`)
}

export const codeHeader = (kid: string): string => `{"alg":"EdDSA","kid":"${kid}","typ":"lc1"}`

const PREFIX = Buffer.from('LC1')

export const codeDigest = (code: Buffer): Buffer => hash('sha256', Buffer.concat([PREFIX, code]), 'buffer')

/** Groups of five symbols; the check symbols are the first 25 bits of the digest. */
export function writeCode(code: Buffer, digest: Buffer): string {
  let text = 'LC1'
  let bits = 0
  let held = 0
  let symbols = 0
  for (const byte of code) {
    bits = ((bits << 8) | byte) & 0xfff
    held += 8
    while (held >= 5) {
      held -= 5
      if (symbols++ % 5 === 0) text += '-'
      text += ALPHABET[(bits >> held) & 31]
    }
  }
  const check = digest.readUInt32BE(0) >>> 7
  text += '-'
  for (let shift = 20; shift >= 0; shift -= 5) text += ALPHABET[(check >> shift) & 31]
  return text
}

const VALUE = new Int8Array(128).fill(-1)
for (let value = 0; value < 32; value++) VALUE[ALPHABET.charCodeAt(value)] = value

/** Body, signature and digest of the code at the start of a license text as it was issued; null for another text. */
export function readCode(text: string): { body: Buffer; signature: Buffer; digest: Buffer } | null {
  if (!text.startsWith('LC1-')) return null
  const code = Buffer.alloc(CODE_LENGTH)
  let at = 3
  let filled = 0
  let bits = 0
  let held = 0
  while (filled < CODE_LENGTH) {
    if ((at - 3) % 6 === 0) at++
    const value = VALUE[text.charCodeAt(at++)] ?? -1
    if (value < 0) return null
    bits = ((bits << 5) | value) & 0xfff
    held += 5
    if (held >= 8) {
      held -= 8
      code[filled++] = bits >> held
    }
  }
  const digest = codeDigest(code)
  if (checkAt(text, at + 1) !== digest.readUInt32BE(0) >>> 7) return null
  return { body: code.subarray(0, BODY_LENGTH), signature: code.subarray(BODY_LENGTH), digest }
}

function checkAt(text: string, at: number): number {
  let check = 0
  for (let i = 0; i < 5; i++) check = (check << 5) | (VALUE[text.charCodeAt(at + i)] ?? 0)
  return check
}
