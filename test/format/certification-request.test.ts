import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/format/base64url.ts'
import {
  type CertificationRequest,
  readRequest,
  requestPayload,
  requestSigned,
  writeRequest,
} from '../../src/format/certification-request.ts'
import { readCompact } from '../../src/format/jws.ts'
import { readKeyCertificate } from '../../src/format/license-text.ts'
import { readManifest } from '../../src/format/root-manifest.ts'
import { keyOf, sha256, type TestKey } from '../verify/kit.ts'

const KEY = keyOf('asks')
const REQUEST: CertificationRequest = {
  kid: KEY.kid,
  publicKey: KEY.publicKey,
  usage: 'codes',
  serial: 7,
  from: 1_772_323_200,
  to: 1_803_859_200,
  product: 1001,
  maxTermMonths: 13,
  issuer: 'https://license.example.com',
  createdAt: 1_772_000_000,
}

const read = (text: string) => readRequest(text, sha256)
const signedText = (payload: string | Uint8Array, key: TestKey = KEY): string => {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload
  return writeRequest(key.kid, body, key.sign(requestSigned(key.kid, body)))
}
const GOOD = Buffer.from(requestPayload(REQUEST)).toString()

describe('a certification request', () => {
  test('is read back as it was written, with what its key signed', () => {
    const signed = requestSigned(KEY.kid, requestPayload(REQUEST))
    expect(read(signedText(GOOD))).toEqual({ request: REQUEST, signed, signature: KEY.sign(signed) })
  })

  test('has one text, member by member', () => {
    expect(GOOD).toBe(
      `{"version":1,"x":"${encodeBase64url(KEY.publicKey)}","usage":"codes","serial":7,"from":1772323200,"to":1803859200,"product":1001,"max_term_months":13,"issuer":"https://license.example.com","created_at":1772000000}`,
    )
    const [header] = signedText(GOOD).split('.')
    expect(Buffer.from(header!, 'base64url').toString()).toBe(
      `{"alg":"EdDSA","kid":"${KEY.kid}","typ":"licet-certification-request+json"}`,
    )
  })

  test.each([
    ['another version', GOOD.replace('"version":1', '"version":2')],
    ['no version', GOOD.replace('"version":1,', '')],
    ['a member more', GOOD.replace('}', ',"usages":7}')],
    ['a member twice', GOOD.replace('"serial":7', '"serial":7,"serial":7')],
    ['members in another order', GOOD.replace('"version":1,', '').replace('}', ',"version":1}')],
    ['a blank', GOOD.replace(':', ': ')],
    ['an escape where none is needed', GOOD.replace('https', '\\u0068ttps')],
    ['a number spelled otherwise', GOOD.replace('"serial":7', '"serial":7.0')],
    ['a number as text', GOOD.replace('"serial":7', '"serial":"7"')],
    ['a serial below zero', GOOD.replace('"serial":7', '"serial":-1')],
    ['a serial of 33 bits', GOOD.replace('"serial":7', '"serial":4294967296')],
    ['a window beyond 32 bits', GOOD.replace('1803859200', '4294967296')],
    ['a term beyond a byte', GOOD.replace('"max_term_months":13', '"max_term_months":256')],
    ['a product that is no number', GOOD.replace('1001', 'null')],
    ['the usage of checkpoints', GOOD.replace('"codes"', '"checkpoints"')],
    ['an unknown usage', GOOD.replace('"codes"', '"all"')],
    ['a usage every object has', GOOD.replace('"codes"', '"toString"')],
    [
      'a key of 31 bytes',
      GOOD.replace(encodeBase64url(KEY.publicKey), encodeBase64url(KEY.publicKey.subarray(1))),
    ],
    ['no key', GOOD.replace(encodeBase64url(KEY.publicKey), '')],
    [
      'another key than the kid names',
      GOOD.replace(encodeBase64url(KEY.publicKey), encodeBase64url(keyOf(2).publicKey)),
    ],
    ['an issuer that is none', GOOD.replace('"https://license.example.com"', '""')],
    ['an issuer without end', GOOD.replace('license', 'l'.repeat(600))],
    ['an issuer UTF-8 cannot carry', GOOD.replace('license', '\\ud800')],
    ['a list', `[${GOOD}]`],
    ['no JSON', GOOD.slice(1)],
    ['nothing', ''],
  ])('is none with %s', (_, payload) => {
    expect(read(signedText(payload))).toBeNull()
  })

  test.each([
    ['no text', ''],
    ['two parts', signedText(GOOD).split('.').slice(0, 2).join('.')],
    ['a signature of another length', signedText(GOOD).slice(0, -4)],
    ['padding', `${signedText(GOOD)}=`],
    ['a text too long', signedText(GOOD).padEnd(5_000, 'A')],
    ['bytes that are no UTF-8', signedText(Uint8Array.of(0xff, 0xfe))],
  ])('is none as %s', (_, text) => {
    expect(read(text)).toBeNull()
  })

  test.each([
    'licet-root+json',
    'lk1',
    'license-statement+jwt',
    'Licet-certification-request+json',
  ])('is none under the typ %s', (typ) => {
    const [, payload, signature] = signedText(GOOD).split('.')
    const header = encodeBase64url(Buffer.from(`{"alg":"EdDSA","kid":"${KEY.kid}","typ":"${typ}"}`))
    expect(read(`${header}.${payload}.${signature}`)).toBeNull()
  })

  test('is no other object', () => {
    const text = signedText(GOOD)
    for (const typ of [
      'lc1',
      'lk1',
      'license-statement+jwt',
      'license-revocations+jwt',
      'licet-root+json',
    ] as const)
      expect(readCompact(text, typ, 4_096)).toBeNull()
    expect(readManifest(text, sha256)).toBeNull()
    expect(readKeyCertificate(text, sha256).ok).toBe(false)
  })
})
