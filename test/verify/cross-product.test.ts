import { describe, expect, test } from 'vitest'
import { writeCompact } from '../../src/format/jws.ts'
import { readKeyCertificate, readLicenseText } from '../../src/format/license-text.ts'
import { engine, openTrustSync } from '../../src/verify/node.ts'
import { type Checked, createSyncObjectVerifier } from '../../src/verify/since.ts'
import { verifyMet } from './everything.ts'
import { certificateText, codeText, ROOT, SIGNER, sha256 } from './kit.ts'
import { CERTIFICATES, listText, NOW, ROOT_TEXT, statementText } from './since-kit.ts'

const { verifyListSync, verifyStatementSync } = createSyncObjectVerifier(engine)
const options = { now: NOW, certificates: CERTIFICATES }
const statement = statementText()
const list = listText()

describe('Every kind of object', () => {
  const lk1 = certificateText()
  const certificateJws = (): string => {
    const read = readKeyCertificate(lk1, sha256)
    if (!read.ok) throw new Error(read.reason)
    return writeCompact(ROOT.kid, 'lk1', read.certificate.body, read.certificate.signature)
  }
  const codeJws = (): string => {
    const read = readLicenseText(`${codeText()} ${lk1}`, sha256)
    if (!read.ok) throw new Error(read.reason)
    return writeCompact(SIGNER.kid, 'lc1', read.code.body, read.code.signature)
  }
  const OBJECTS: Readonly<Record<string, string>> = {
    'a license code': `${codeText()} ${lk1}`,
    'a license code as JWS': codeJws(),
    'a license code as JWS, with its certificate': `${codeJws()} ${lk1}`,
    'a key certificate': lk1,
    'a certificate as JWS': certificateJws(),
    'a root manifest': ROOT_TEXT,
    'a root manifest as compact JWS': compactManifest(),
    'a statement': statement,
    'a revocation list': list,
  }
  /** Its own kind of object; the reason for which each other is refused; why a text is refused, null when it is not. */
  type Entrance = readonly [own: string, whyNot: string, refusal: (text: string) => string | null | undefined]
  const ENTRANCES: Readonly<Record<string, Entrance>> = {
    license: ['a license code', 'malformed', (text) => verifyMet(text, ROOT_TEXT, options).reason],
    certificate: [
      'a key certificate',
      'unknown_key',
      (text) => verifyMet(codeText(), ROOT_TEXT, { ...options, certificates: [text] }).reason,
    ],
    pin: [
      'a root manifest',
      'a root manifest is malformed',
      (text) => {
        const opened = openTrustSync(text)
        return opened.ok ? null : opened.why
      },
    ],
    statement: ['a statement', 'malformed', (text) => faultOf(verifyStatementSync(text, ROOT_TEXT, options))],
    list: ['a revocation list', 'malformed', (text) => faultOf(verifyListSync(text, ROOT_TEXT, options))],
    'option statement': ['a statement', 'statement_malformed', (text) => warning({ statement: text })],
    'option list': ['a revocation list', 'list_malformed', (text) => warning({ list: text })],
    'option manifests': ['a root manifest', 'manifests_refused', (text) => warning({ manifests: [text] })],
    'option state': ['', 'state_unreadable', (text) => warning({ state: text })],
  }
  const table = Object.entries(OBJECTS).flatMap(([object, text]) =>
    Object.entries(ENTRANCES).map(
      ([entrance, [own, whyNot, refusal]]) =>
        [object, entrance, own === object ? null : whyNot, refusal, text] as const,
    ),
  )

  test('is in the table at every entrance', () => {
    expect(table).toHaveLength(81)
    expect(table.filter(([, , whyNot]) => whyNot === null)).toHaveLength(8)
  })

  test.each(table)('%s at the entrance %s: %s', (_, __, whyNot, refusal, text) => {
    expect(refusal(text)).toBe(whyNot)
  })

  /** What the program is told of what it gave beside a good license; null when it was listened to. */
  function warning(over: object): string | null {
    const verdict = verifyMet(`${codeText()} ${lk1}`, ROOT_TEXT, { ...options, ...over })
    return verdict.warnings === undefined ? null : verdict.warnings.join()
  }
  function faultOf(checked: Checked<unknown>): string | null {
    return checked.ok ? null : checked.reason
  }
  function compactManifest(): string {
    const { payload, signatures } = JSON.parse(ROOT_TEXT)
    return `${signatures[0].protected}.${payload}.${signatures[0].signature}`
  }
})
