import { describe, expect, test } from 'vitest'
import { type KeyCertificate, USAGE } from '../../src/format/key-certificate.ts'
import type { RevokedKey } from '../../src/format/root-manifest.ts'
import { createSyncVerifier } from '../../src/verify/index.ts'
import { engine, verifySync } from '../../src/verify/node.ts'
import {
  certificateText,
  codeText,
  DAY,
  ISSUED,
  keyOf,
  licenseText,
  manifestOf,
  manifestText,
  PAID_UNTIL,
  ROOT,
  SIGNER,
  type TestKey,
} from './kit.ts'

const ROOT_TEXT = manifestText()

const reason = (text: string, trust: string | readonly string[] = ROOT_TEXT, certificates: string[] = []) =>
  verifySync(text, trust, { now: ISSUED, certificates }).reason

const under = (over: Partial<KeyCertificate>): string => `${codeText()} ${certificateText(over)}`

const gone = (key: TestKey): RevokedKey => ({
  kid: key.kid,
  publicKey: key.publicKey,
  at: ISSUED,
  reason: 'leaked',
})

describe('A license text', () => {
  test('is genuine when a certified key signed it', () => {
    expect(verifySync(licenseText(), ROOT_TEXT, { now: ISSUED })).toMatchObject({ valid: true, reason: null })
  })

  test('may stand in any order, wrapped and in lower case', () => {
    const pasted = `${certificateText()}\n${codeText()}`.toLowerCase().replaceAll('-', ' \u2013\r\n')
    expect(reason(pasted)).toBe(null)
  })

  test.each<[string, unknown]>([
    ['nothing', ''],
    ['no text', null],
    ['a text object', Object(licenseText())],
    ['bytes', new Uint8Array(100)],
    ['a certificate alone', certificateText()],
    ['two codes', `${codeText()} ${licenseText()}`],
    ['a code cut short', licenseText().slice(0, 100)],
    ['another prefix', licenseText().replace('LC1', 'LC2')],
    ['a foreign letter', licenseText().replace('LC1-', 'LC1-U')],
    ['17 certificates', [codeText(), ...Array(17).fill(certificateText())].join(' ')],
    ['more than 8 KiB', licenseText() + ' '.repeat(8192)],
  ])('of %s is malformed', (_, text) => {
    expect(reason(text as string)).toBe('malformed')
  })

  test('with a typing error is mistyped, whatever the trust', () => {
    const text = licenseText()
    const typo = text.slice(0, 20) + (text[20] === '0' ? '1' : '0') + text.slice(21)
    expect(reason(typo)).toBe('mistyped')
    expect(reason(typo, 'no trust at all')).toBe('mistyped')
  })
})

describe('The key of a license', () => {
  test('is unknown without a certificate', () => {
    expect(reason(codeText())).toBe('unknown_key')
  })

  test('is unknown when the certificate is for another key', () => {
    expect(reason(under({ publicKey: keyOf('other').publicKey }))).toBe('unknown_key')
  })

  test('is unknown when the certificate was signed by another root, also one of the same kid', () => {
    const thief = keyOf('thief')
    expect(reason(`${codeText()} ${certificateText({}, thief)}`)).toBe('unknown_key')
    expect(reason(`${codeText()} ${certificateText({}, { ...thief, kid: ROOT.kid })}`)).toBe('unknown_key')
  })

  test('is unknown when it certified itself', () => {
    expect(reason(`${codeText()} ${certificateText({}, SIGNER)}`)).toBe('unknown_key')
  })

  test('is known by a certificate that the program carries', () => {
    expect(reason(codeText(), ROOT_TEXT, [certificateText()])).toBe(null)
    expect(reason(codeText(), ROOT_TEXT, ['nonsense', certificateText().toLowerCase()])).toBe(null)
    expect(reason(codeText(), ROOT_TEXT, ['nonsense', licenseText()])).toBe('unknown_key')
  })

  test('is revoked when the newest manifest says so, before its signature is looked at', () => {
    const newest = manifestText(manifestOf({ version: 2, revoked: [gone(SIGNER)] }))
    expect(reason(licenseText(), newest)).toBe('key_revoked')
    expect(reason(licenseText(), [ROOT_TEXT, newest])).toBe('key_revoked')
    expect(reason(`${codeText({}, { ...keyOf('x'), kid: SIGNER.kid })} ${certificateText()}`, newest)).toBe(
      'key_revoked',
    )
  })

  test('is unknown when the root key that certified it was revoked', () => {
    const other = keyOf('other root')
    const newest = manifestText(manifestOf({ version: 2, keys: [other], revoked: [gone(ROOT)] }), [
      ROOT,
      other,
    ])
    expect(reason(licenseText(), [ROOT_TEXT, newest])).toBe('unknown_key')
    expect(reason(`${licenseText()} ${certificateText({}, other)}`, [ROOT_TEXT, newest])).toBe(null)
  })

  test('did not sign a license that another key signed under its kid', () => {
    expect(reason(`${codeText({}, { ...keyOf('thief'), kid: SIGNER.kid })} ${certificateText()}`)).toBe(
      'bad_signature',
    )
  })
})

describe('A certificate', () => {
  test.each<[string, Partial<KeyCertificate>, string | null]>([
    ['opening in the second of issue', { from: ISSUED }, null],
    ['opening a second later', { from: ISSUED + 1 }, 'outside_issuing_window'],
    ['closing a second later', { to: ISSUED + 1 }, null],
    ['closing in the second of issue', { to: ISSUED }, 'outside_issuing_window'],
    ['that opens after it closes', { from: ISSUED + DAY, to: ISSUED - DAY }, 'outside_issuing_window'],
    ['for statements', { usages: USAGE.statements }, 'not_certified'],
    ['for lists', { usages: USAGE.lists }, 'not_certified'],
    ['for checkpoints', { usages: USAGE.checkpoints }, 'not_certified'],
    ['for nothing', { usages: 0 }, 'not_certified'],
    ['for codes and statements', { usages: USAGE.codes | USAGE.statements }, null],
    ['for codes and checkpoints', { usages: USAGE.codes | USAGE.checkpoints }, 'not_certified'],
    ['for codes and a usage not known here', { usages: USAGE.codes | 16 }, 'not_certified'],
    ['for this product', { product: 1001 }, null],
    ['for another product', { product: 1002 }, 'not_certified'],
    ['up to twelve months of 31 days', { maxTermMonths: 12 }, null],
    ['up to eleven months', { maxTermMonths: 11 }, 'not_certified'],
  ])('%s gives the reason of the contract', (_, over, expected) => {
    expect(reason(under(over))).toBe(expected)
  })

  test('of a longest term does not cover a perpetual license', () => {
    const perpetual = codeText({ paidUntil: null })
    expect(reason(`${perpetual} ${certificateText()}`)).toBe(null)
    expect(reason(`${perpetual} ${certificateText({ maxTermMonths: 255 })}`)).toBe('not_certified')
  })

  test('covers a term to the second', () => {
    const month = certificateText({ maxTermMonths: 1 })
    expect(reason(`${codeText({ paidUntil: ISSUED + 31 * DAY })} ${month}`)).toBe(null)
    expect(reason(`${codeText({ paidUntil: ISSUED + 31 * DAY + 1 })} ${month}`)).toBe('not_certified')
  })

  test('does not end the license when its window closes', () => {
    const afterwards = { now: PAID_UNTIL - 1 }
    expect(verifySync(under({ to: ISSUED + 1 }), ROOT_TEXT, afterwards).valid).toBe(true)
  })
})

describe('The ranges of a license', () => {
  test.each([
    ['an end at the issue', { paidUntil: ISSUED }],
    ['an end before the issue', { paidUntil: ISSUED - 1 }],
    ['a perpetual trial', { trial: true, paidUntil: null }],
  ])('do not hold with %s', (_, over) => {
    expect(reason(licenseText(over))).toBe('bad_range')
  })
})

describe('Of several certificates for a kid', () => {
  const good = certificateText()
  const late = certificateText({ from: ISSUED + DAY, serial: 2 })
  const narrow = certificateText({ product: 7, serial: 3 })

  test('one that covers the license is enough, in any order', () => {
    for (const all of [
      [late, narrow, good],
      [good, narrow, late],
      [narrow, good, late],
    ]) {
      expect(reason([...all, codeText()].join(' '))).toBe(null)
    }
  })

  test('the one that came furthest gives the reason', () => {
    expect(reason([codeText(), late, narrow].join(' '))).toBe('not_certified')
    expect(reason([codeText(), narrow, late].join(' '))).toBe('not_certified')
    expect(reason([codeText(), late, certificateText({}, keyOf('thief'))].join(' '))).toBe(
      'outside_issuing_window',
    )
  })

  test('none lends its window to the grant of another', () => {
    const elsewhere = certificateText({ product: 7, serial: 4, from: 0 })
    expect(reason([codeText(), late, elsewhere].join(' '))).toBe('not_certified')
  })

  test('the key is asked once, and so is the root for each', () => {
    let checks = 0
    const { verifySync } = createSyncVerifier({
      sha256: engine.sha256,
      verify: (...triple) => ++checks > 0 && engine.verify(...triple),
    })
    const text = [codeText(), good, good, late, narrow, ...Array(12).fill(late)].join(' ')
    expect(verifySync(text, ROOT_TEXT, { now: ISSUED }).valid).toBe(true)
    expect(checks).toBe(1 + 3 + 1)
  })
})
