import { describe, expect, test } from 'vitest'
import { writeCompact } from '../../src/format/jws.ts'
import {
  bindDevice,
  decodeLicenseCode,
  encodeLicenseCode,
  rangesHold,
  worksUntil,
  writeLicenseCode,
} from '../../src/format/license-code.ts'
import { readLicenseText } from '../../src/format/license-text.ts'
import { bytes, type CodeVectorFields, codeOf, hex, sha256, signWithSeed, vectors } from './kit.ts'

const { keys, device_fingerprint, good, bad } = vectors<{
  keys: { seed_hex: string }[]
  device_fingerprint: string
  good: {
    name: string
    fields: CodeVectorFields
    body_hex: string
    sig_hex: string
    code: string
    jws: string
  }[]
  bad: { name: string; reason: string; code: string }[]
}>('license-code')

/** What reading alone says: the fault, or bad_range, or that nothing is wrong. */
function judge(text: string): string {
  const read = readLicenseText(text, sha256)
  if (!read.ok) return read.reason
  return rangesHold(read.code.value) ? 'good' : 'bad_range'
}

describe('a license code', () => {
  test.each(good)('is written byte for byte: $name', ({ fields, body_hex, sig_hex, code, jws }) => {
    const body = encodeLicenseCode(codeOf(fields))
    expect(hex(body)).toBe(body_hex)
    expect(writeLicenseCode(body, bytes(sig_hex), sha256)).toBe(code)
    expect(writeCompact(fields.kid, 'lc1', body, bytes(sig_hex))).toBe(jws)
    expect(hex(signWithSeed(keys[0]!.seed_hex, Buffer.from(jws.slice(0, jws.lastIndexOf('.')))))).toBe(
      sig_hex,
    )
  })

  test.each(good)('is read back: $name', ({ fields, body_hex, sig_hex, code }) => {
    const read = readLicenseText(code, sha256)
    expect(judge(code)).toBe('good')
    expect(read).toMatchObject({ ok: true, code: { value: codeOf(fields) }, certificates: [] })
    if (read.ok) expect([hex(read.code.body), hex(read.code.signature)]).toEqual([body_hex, sig_hex])
  })

  test.each(bad)('is $reason: $name', ({ reason, code }) => {
    expect(judge(code)).toBe(reason)
  })

  test('has the digest of prefix, body and signature, which tells codes apart', () => {
    const read = readLicenseText(good[0]!.code, sha256)
    const whole = Buffer.concat([Buffer.from('LC1'), bytes(good[0]!.body_hex), bytes(good[0]!.sig_hex)])
    expect(read.ok && hex(read.code.digest)).toBe(hex(sha256(whole)))
  })
})

describe('the end of a license code', () => {
  const code = codeOf(good[0]!.fields)

  test('is perpetual as null, and never works less', () => {
    const perpetual = { ...code, paidUntil: null }
    expect(hex(encodeLicenseCode(perpetual).subarray(26, 30))).toBe('ffffffff')
    expect(worksUntil(perpetual.paidUntil, perpetual.graceDays)).toBeNull()
    expect(rangesHold(perpetual)).toBe(true)
  })

  test.each([
    0xfffffffe,
    0xffffffff,
    2 ** 32,
    253_402_300_799,
  ])('at %i is the last one that fits', (paidUntil) => {
    expect(hex(encodeLicenseCode({ ...code, paidUntil }).subarray(26, 30))).toBe('fffffffe')
  })

  test('works on for its grace, beyond 32 bits if need be', () => {
    expect(worksUntil(0xfffffffe, 255)).toBe(4_316_999_294)
  })
})

describe('a license code is not written', () => {
  const code = codeOf(good[0]!.fields)

  test.each([
    ['with a kid of another form', { kid: 'ABCDEF01' }],
    ['with a short kid', { kid: 'abcdef' }],
    ['with a license id of another form', { licenseId: '5f2c9d0b7a11e38' }],
    ['with a product above 32 bits', { product: 2 ** 32 }],
    ['with an edition above 16 bits', { edition: 65_536 }],
    ['with seats above 16 bits', { seats: 65_536 }],
    ['with a fraction of a seat', { seats: 1.5 }],
    ['with fewer than no seats', { seats: -1 }],
    ['issued in milliseconds', { issuedAt: 1_767_225_600_000 }],
    ['issued at no time', { issuedAt: Number.NaN }],
    ['paid until no time', { paidUntil: Number.NaN }],
    ['paid until before 1970', { paidUntil: -1 }],
    ['with a revision above 16 bits', { revision: 65_536 }],
    ['with 256 days of grace', { graceDays: 256 }],
    ['with a 25th feature', { features: 2 ** 24 }],
    ['with a binding of 32 bytes', { binding: new Uint8Array(32) }],
    ['with an empty binding', { binding: new Uint8Array(0) }],
  ])('%s', (_, over) => {
    expect(() => encodeLicenseCode({ ...code, ...over })).toThrow(RangeError)
  })
})

test('a body inside a larger buffer is read in its place', () => {
  const around = new Uint8Array(60).fill(0xff)
  around.set(bytes(good[0]!.body_hex), 7)
  expect(decodeLicenseCode(around.subarray(7, 43))).toEqual(codeOf(good[0]!.fields))
})

describe('a device', () => {
  test('is bound by the first ten bytes of its digest', () => {
    const bound = good.find((one) => one.fields.flags === 2)!
    const digest = bindDevice(device_fingerprint, sha256)!
    expect(digest).toHaveLength(32)
    expect(hex(digest.subarray(0, 10))).toBe(bound.fields.bind_hex)
  })

  test('may have a name of up to 5,120 bytes of UTF-8', () => {
    expect(bindDevice('x'.repeat(5_120), sha256)).not.toBeNull()
    expect(bindDevice('工'.repeat(1_706), sha256)).not.toBeNull()
  })

  test.each([
    ['an empty name', ''],
    ['5,121 bytes', 'x'.repeat(5_121)],
    ['5,121 bytes of 1,707 characters', '工'.repeat(1_707)],
    ['a lone surrogate', 'device \ud800'],
    ['surrogates in the wrong order', '\ude00\ud83d'],
  ])('is refused with %s', (_, fingerprint) => {
    expect(bindDevice(fingerprint, sha256)).toBeNull()
  })
})
