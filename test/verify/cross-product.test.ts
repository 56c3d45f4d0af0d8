import { describe, expect, test } from 'vitest'
import { writeCompact } from '../../src/format/jws.ts'
import { readKeyCertificate } from '../../src/format/license-text.ts'
import { engine, openTrustSync } from '../../src/verify/node.ts'
import { createSyncObjectVerifier } from '../../src/verify/since.ts'
import { verifyMet } from './everything.ts'
import { certificateText, codeText, ROOT, sha256 } from './kit.ts'
import { CERTIFICATES, listText, NOW, ROOT_TEXT, statementText } from './since-kit.ts'

const { verifyListSync, verifyStatementSync } = createSyncObjectVerifier(engine)
const options = { now: NOW, certificates: CERTIFICATES }
const statement = statementText()
const list = listText()

describe('Every kind of object', () => {
  const lk1 = certificateText()
  const jws = (text: string, typ: 'lk1') => {
    const read = readKeyCertificate(text, sha256)
    return read.ok ? writeCompact(ROOT.kid, typ, read.certificate.body, read.certificate.signature) : ''
  }
  const OBJECTS: Readonly<Record<string, string>> = {
    'a license code': `${codeText()} ${lk1}`,
    'a key certificate': lk1,
    'a certificate as JWS': jws(lk1, 'lk1'),
    'a root manifest': ROOT_TEXT,
    'a root manifest as compact JWS': compactManifest(),
    'a statement': statement,
    'a revocation list': list,
  }
  const ENTRANCES: Readonly<Record<string, readonly [own: string, accepts: (text: string) => boolean]>> = {
    license: ['a license code', (text) => verifyMet(text, ROOT_TEXT, options).valid],
    certificate: [
      'a key certificate',
      (text) => verifyMet(codeText(), ROOT_TEXT, { ...options, certificates: [text] }).valid,
    ],
    pin: ['a root manifest', (text) => openTrustSync(text).ok],
    statement: ['a statement', (text) => verifyStatementSync(text, ROOT_TEXT, options).ok],
    list: ['a revocation list', (text) => verifyListSync(text, ROOT_TEXT, options).ok],
    'option statement': ['a statement', (text) => heard({ statement: text })],
    'option list': ['a revocation list', (text) => heard({ list: text })],
    'option manifests': ['a root manifest', (text) => heard({ manifests: [text] })],
    'option state': ['', (text) => heard({ state: text })],
  }
  const table = Object.entries(OBJECTS).flatMap(([object, text]) =>
    Object.entries(ENTRANCES).map(
      ([entrance, [own, accepts]]) => [object, entrance, own === object, accepts, text] as const,
    ),
  )

  test('is in the table at every entrance', () => {
    expect(table).toHaveLength(63)
    expect(table.filter(([, , isOwn]) => isOwn)).toHaveLength(8)
  })

  test.each(table)('%s at the entrance %s: %s', (_, __, isOwn, accepts, text) => {
    expect(accepts(text)).toBe(isOwn)
  })

  /** Listened to without a warning. */
  function heard(over: object): boolean {
    return verifyMet(`${codeText()} ${lk1}`, ROOT_TEXT, { ...options, ...over }).warnings === undefined
  }
  function compactManifest(): string {
    const { payload, signatures } = JSON.parse(ROOT_TEXT)
    return `${signatures[0].protected}.${payload}.${signatures[0].signature}`
  }
})
