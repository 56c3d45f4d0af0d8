import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rememberingReader } from '../../src/format/known-endings.ts'
import { createSyncVerifier } from '../../src/verify/index.ts'
import { engine } from '../../src/verify/node.ts'
import { createSyncObjectVerifier } from '../../src/verify/since.ts'
import { asked } from './everything.ts'
import { ISSUED, licenseText } from './kit.ts'
import { CERTIFICATES, LICENSE_ID, listerCertificate, listText, NOW, ROOT_TEXT } from './since-kit.ts'
import { SINCE_CASES, VERDICT_CASES } from './verdict-cases.ts'

/** Equal inputs get equal verdicts, whatever a verifier was asked before. */

const fresh = () => ({
  ...createSyncVerifier(engine, rememberingReader()),
  ...createSyncObjectVerifier(engine),
})

const CASES = [...VERDICT_CASES, ...SINCE_CASES]
const EXPECTED = CASES.map(({ text, trust, options }) => fresh().verifySync(text, trust, options))

test('the published cases, in any order and repeated, are judged as by a verifier that met nothing', () => {
  const orders = fc.array(fc.nat(CASES.length - 1), { minLength: 100, maxLength: 300 })
  fc.assert(
    fc.property(orders, (order) => {
      const { verifySync } = fresh()
      for (const at of order) {
        const { name, text, trust, options } = CASES[at]!
        expect(verifySync(text, trust, options), name).toEqual(EXPECTED[at])
      }
    }),
    { numRuns: 20 },
  )
}, 60_000)

describe('A list that held', () => {
  const list = listText([[LICENSE_ID, 8, 'frozen']])
  const ask = (certificates: readonly string[], now = NOW) => asked({ now, list, certificates })

  test.each<[string, readonly string[], string]>([
    ['none', [], 'list_unknown_key'],
    ['one whose window begins later', [listerCertificate({ from: NOW + 1 })], 'list_outside_issuing_window'],
    ['one for another product', [listerCertificate({ product: 7 })], 'list_not_certified'],
    ['one for another usage', [listerCertificate({ usages: 2 })], 'list_not_certified'],
  ])('is not listened to where the certificate is %s', (_, certificates, warning) => {
    const { verifySync } = fresh()
    expect(verifySync(licenseText(), ROOT_TEXT, ask(CERTIFICATES)).reason).toBe('frozen')
    expect(verifySync(licenseText(), ROOT_TEXT, ask(certificates))).toMatchObject({
      valid: true,
      warnings: [warning],
    })
    expect(verifySync(licenseText(), ROOT_TEXT, ask(CERTIFICATES)).reason).toBe('frozen')
  })

  test('was about another product: it says nothing about this one', () => {
    const { verifyListSync } = fresh()
    const certificates = [listerCertificate({ product: 1001 })]
    expect(verifyListSync(list, ROOT_TEXT, { now: NOW, product: 1001, certificates }).ok).toBe(true)
    expect(verifyListSync(list, ROOT_TEXT, { now: NOW, product: 7, certificates })).toEqual({
      ok: false,
      reason: 'not_certified',
    })
  })

  test('cannot be changed by whoever was told what it says', () => {
    const { verifySync, verifyListSync } = fresh()
    const told = verifyListSync(list, ROOT_TEXT, {
      now: ISSUED + 1,
      product: 1001,
      certificates: CERTIFICATES,
    })
    verifySync(licenseText(), ROOT_TEXT, ask(CERTIFICATES))
    const checked = verifyListSync(list, ROOT_TEXT, { now: NOW, product: 1001, certificates: CERTIFICATES })
    for (const one of [told, checked]) if (one.ok) (one.claims.entries as unknown[]).length = 0
    expect(checked.ok).toBe(true)
    expect(verifySync(licenseText(), ROOT_TEXT, ask(CERTIFICATES)).reason).toBe('frozen')
  })
})
