import { describe, expect, test } from 'vitest'
import { readLicenseText, writeLicenseText } from '../../src/format/license-text.ts'
import { hex, sha256, vectors } from './kit.ts'

const { good, bad } = vectors<{
  good: { name: string; text: string; body_hex: string; certificate_bodies_hex: string[] }[]
  bad: { name: string; reason: string; text: string }[]
}>('license-text')

describe('a license text', () => {
  test.each(good)('is read: $name', ({ text, body_hex, certificate_bodies_hex }) => {
    const read = readLicenseText(text, sha256)
    if (!read.ok) throw new Error(read.reason)
    expect(hex(read.code.body)).toBe(body_hex)
    expect(read.certificates.map((one) => hex(one.body))).toEqual(certificate_bodies_hex)
  })

  test.each(bad)('is $reason: $name', ({ reason, text }) => {
    expect(readLicenseText(text, sha256)).toEqual({ ok: false, reason })
  })

  test('is written with one space between the objects', () => {
    expect(writeLicenseText('LC1-0', ['LK1-1', 'LK1-2'])).toBe('LC1-0 LK1-1 LK1-2')
    expect(writeLicenseText('LC1-0', [])).toBe('LC1-0')
  })

  test('costs no digest when its shape is wrong', () => {
    const never = () => {
      throw new Error('the text is malformed')
    }
    for (const { reason, text } of bad) {
      if (reason === 'malformed') expect(readLicenseText(text, never)).toEqual({ ok: false, reason })
    }
  })
})
