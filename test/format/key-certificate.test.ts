import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/format/base64url.ts'
import { writeCompact } from '../../src/format/jws.ts'
import {
  coversProduct,
  coversTerm,
  encodeKeyCertificate,
  grantsUsage,
  inIssuingWindow,
  type KeyCertificate,
  sameGrant,
  writeKeyCertificate,
} from '../../src/format/key-certificate.ts'
import { readKeyCertificate } from '../../src/format/license-text.ts'
import { bytes, hex, sha256, signWithSeed, vectors } from './kit.ts'

interface Fields {
  root_kid: string
  serial: number
  usages: number
  from: number
  to: number
  x: string
  product_id: number
  max_term_months: number
}

const { keys, good, bad, coverage } = vectors<{
  keys: { seed_hex: string }[]
  good: {
    name: string
    fields: Fields
    body_hex: string
    sig_hex: string
    certificate: string
    jws: string
  }[]
  bad: { name: string; reason: string; certificate: string }[]
  coverage: { name: string; usages: number; usage: number; grants: boolean }[]
}>('key-certificate')

const certificateOf = (fields: Fields): KeyCertificate => ({
  rootKid: fields.root_kid,
  serial: fields.serial,
  usages: fields.usages,
  from: fields.from,
  to: fields.to,
  publicKey: new Uint8Array(Buffer.from(fields.x, 'base64url')),
  product: fields.product_id,
  maxTermMonths: fields.max_term_months,
})
const plain = certificateOf(good[0]!.fields)

describe('a key certificate', () => {
  test.each(good)('is written byte for byte: $name', ({ fields, body_hex, sig_hex, certificate, jws }) => {
    const body = encodeKeyCertificate(certificateOf(fields))
    expect(hex(body)).toBe(body_hex)
    expect(writeKeyCertificate(body, bytes(sig_hex), sha256)).toBe(certificate)
    expect(writeCompact(fields.root_kid, 'lk1', body, bytes(sig_hex))).toBe(jws)
    expect(hex(signWithSeed(keys[0]!.seed_hex, Buffer.from(jws.slice(0, jws.lastIndexOf('.')))))).toBe(
      sig_hex,
    )
  })

  test.each(good)('is read back, also in lower case: $name', ({ fields, body_hex, certificate }) => {
    for (const text of [certificate, certificate.toLowerCase()]) {
      const read = readKeyCertificate(text, sha256)
      if (!read.ok) throw new Error(read.reason)
      expect(hex(read.certificate.body)).toBe(body_hex)
      const { publicKey, ...rest } = read.certificate.value
      const { publicKey: expected, ...others } = certificateOf(fields)
      expect(rest).toEqual(others)
      expect(encodeBase64url(publicKey)).toBe(encodeBase64url(expected))
    }
  })

  test.each(bad)('is $reason: $name', ({ reason, certificate }) => {
    expect(readKeyCertificate(certificate, sha256)).toEqual({ ok: false, reason })
  })

  test.each([
    ['with a root kid of another form', { rootKid: '1234567' }],
    ['with a serial above 32 bits', { serial: 2 ** 32 }],
    ['with usages above 8 bits', { usages: 256 }],
    ['with a window in milliseconds', { to: 1_767_225_600_000 }],
    ['with a window before 1970', { from: -1 }],
    ['with a short public key', { publicKey: new Uint8Array(31) }],
    ['with a product above 32 bits', { product: 2 ** 32 }],
    ['with a term of 256 months', { maxTermMonths: 256 }],
  ])('is not written %s', (_, over) => {
    expect(() => encodeKeyCertificate({ ...plain, ...over })).toThrow(RangeError)
  })
})

describe('what a certificate covers', () => {
  test.each(coverage)('usage: $name', ({ usages, usage, grants }) => {
    expect(grantsUsage({ ...plain, usages }, usage)).toBe(grants)
  })

  test('product: the one it names, or every one', () => {
    expect(coversProduct({ ...plain, product: 7 }, 7)).toBe(true)
    expect(coversProduct({ ...plain, product: 0 }, 7)).toBe(true)
    expect(coversProduct({ ...plain, product: 7 }, 8)).toBe(false)
    expect(coversProduct({ ...plain, product: 7 }, 0)).toBe(false)
  })

  test('term: up to the second, in months of 31 days', () => {
    const month = { ...plain, maxTermMonths: 1 }
    expect(coversTerm(month, 1_000, 1_000 + 2_678_400)).toBe(true)
    expect(coversTerm(month, 1_000, 1_000 + 2_678_401)).toBe(false)
    expect(coversTerm(month, 1_000, null)).toBe(false)
    expect(coversTerm({ ...plain, maxTermMonths: 0 }, 1_000, null)).toBe(true)
  })

  test('window: from its first second to the one before its end', () => {
    const window = { ...plain, from: 100, to: 200 }
    expect([99, 100, 199, 200].map((at) => inIssuingWindow(window, at))).toEqual([false, true, true, false])
    expect(inIssuingWindow({ ...plain, from: 200, to: 100 }, 150)).toBe(false)
  })
})

test('two certificates grant the same when nothing but the root kid differs', () => {
  const body = bytes(good[0]!.body_hex)
  const differing = (at: number) => body.map((byte, i) => (i === at ? byte ^ 1 : byte))
  const same = body.map((_, at) => (sameGrant(body, differing(at)) ? 1 : 0))
  expect([...same.keys()].filter((at) => same[at] === 1)).toEqual([2, 3, 4, 5])
})
