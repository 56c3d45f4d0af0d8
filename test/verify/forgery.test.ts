import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeKeyCertificate } from '../../src/format/key-certificate.ts'
import { bindDevice, writeLicenseCode } from '../../src/format/license-code.ts'
import { readKeyCertificate, readLicenseText } from '../../src/format/license-text.ts'
import { openTrustSync, verifySync } from '../../src/verify/node.ts'
import { certificateText, codeText, ISSUED, licenseText, manifestText, sha256 } from './kit.ts'

const opened = openTrustSync(manifestText())
const trust = opened.ok ? opened.trust : 'broken'
const options = { now: ISSUED, device: 'device-42' }

const read = (text: string) => {
  const found = readLicenseText(text, sha256)
  if (!found.ok) throw new Error(found.reason)
  return found
}

const flipped = (bytes: Uint8Array, at: number, by: number): Uint8Array =>
  Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ by : byte))

const isValid = (text: string): boolean => verifySync(text, trust, options).valid

const binding = bindDevice('device-42', sha256)!.subarray(0, 10)
const TEXTS = [
  licenseText(),
  licenseText({ binding }),
  licenseText({ trial: true }),
  licenseText({ paidUntil: null }),
]

describe('A forger', () => {
  test('starts from texts that are valid', () => {
    for (const text of TEXTS) expect(isValid(text)).toBe(true)
  })

  test('gains nothing by any single bit of body or signature, with the check symbols repaired', () => {
    for (const text of TEXTS) {
      const { body, signature } = read(text).code
      const whole = Buffer.concat([body, signature])
      for (let bit = 0; bit < 8 * whole.length; bit++) {
        const forged = flipped(whole, bit >> 3, 1 << (bit & 7))
        const code = writeLicenseCode(forged.subarray(0, body.length), forged.subarray(body.length), sha256)
        expect(isValid(`${code} ${certificateText()}`)).toBe(false)
      }
    }
  })

  test('gains nothing by any single bit of the certificate, with the check symbols repaired', () => {
    const found = readKeyCertificate(certificateText(), sha256)
    if (!found.ok) throw new Error(found.reason)
    const { body, signature } = found.certificate
    const whole = Buffer.concat([body, signature])
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const forged = flipped(whole, bit >> 3, 1 << (bit & 7))
      const certificate = writeKeyCertificate(forged.subarray(0, 56), forged.subarray(56), sha256)
      expect(isValid(`${codeText()} ${certificate}`)).toBe(false)
    }
  })

  test('gains nothing by changing characters of the text: it is unread, or says what it said', () => {
    const text = licenseText()
    const honest = verifySync(text, trust, options)
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.string({ minLength: 0, maxLength: 3, unit: 'binary' }),
        (at, put) => {
          const verdict = verifySync(text.slice(0, at) + put + text.slice(at + 1), trust, options)
          expect(verdict.valid ? verdict : honest).toEqual(honest)
          if (!verdict.valid) expect(['malformed', 'mistyped', 'unknown_key']).toContain(verdict.reason)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('gains nothing by random bodies and signatures with good check symbols', () => {
    const { body, signature } = read(licenseText()).code
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    fc.assert(
      fc.property(bytes(26), bytes(64), fc.boolean(), (fields, random, keepSignature) => {
        const forged = Uint8Array.from([...body.subarray(0, 6), ...fields, ...body.subarray(32)])
        const code = writeLicenseCode(forged, keepSignature ? signature : random, sha256)
        expect(isValid(`${code} ${certificateText()}`)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('throws nothing by any text at all', () => {
    const piece = fc.oneof(
      fc.constantFrom('LC1-', 'LK1-', 'lc1', codeText(), certificateText(), licenseText().slice(0, 60)),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ- ') }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        expect(verifySync(pieces.join(''), trust, options)).toHaveProperty('reason')
      }),
      { numRuns: 2000 },
    )
  })
})
