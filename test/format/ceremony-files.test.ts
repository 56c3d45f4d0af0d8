import { describe, expect, test } from 'vitest'
import { splitCertificates } from '../../src/format/certificates-file.ts'
import { readDraft } from '../../src/format/manifest-draft.ts'
import { readRevocationRequest, writeRevocationRequest } from '../../src/format/revocation-request.ts'
import { writeManifest, writeManifestPayload } from '../../src/format/root-manifest.ts'
import { certificateText, keyOf, manifestOf, manifestText, sha256 } from '../verify/kit.ts'

describe('a certificates file', () => {
  const [one, two] = [certificateText(), certificateText({ serial: 2 })]

  test.each([
    ['one a line', `${one}\n${two}\n`],
    ['one behind the other', `${one} ${two}`],
    ['with nothing between them', `${one}${two}`],
    ['with remarks and empty lines', `# from the ceremony\n\n${one}\n  # and\n${two}\n`],
    ['with a byte order mark and line ends of Windows', `\ufeff${one}\r\n${two}\r\n`],
  ])('is taken apart: %s', (_, text) => {
    expect(splitCertificates(text)).toEqual([one, two])
  })

  test.each([
    ['nothing', ''],
    ['a remark alone', '# LK1-'],
    ['something before the first', `keys: ${one}`],
    ['another object', '{"payload":""}'],
    ['a text without end', `${one}\n`.repeat(1_000)],
  ])('is none: %s', (_, text) => {
    expect(splitCertificates(text)).toBeNull()
  })
})

describe('a revocation request', () => {
  const { kid, publicKey } = keyOf('leaked')
  const KEY = { kid, publicKey, at: 1_772_323_200, reason: 'found in a public repository' }
  const good = writeRevocationRequest(KEY)

  test('is read back as it was written', () => {
    expect(good.endsWith('}\n')).toBe(true)
    expect(readRevocationRequest(good, sha256)).toEqual(KEY)
  })

  test.each([
    ['nothing', ''],
    ['no JSON', good.slice(0, -2)],
    ['a list', `[${good}]`],
    ['another kid', good.replace(kid, keyOf('other').kid)],
    ['a kid of nine digits', good.replace(kid, `${kid}0`)],
    ['a key of 31 bytes', good.replace(/"x":"...../, '"x":"')],
    ['no time', good.replace('"at":1772323200,', '')],
    ['a time as text', good.replace('1772323200', '"2026-03-01"')],
    ['a time before 1970', good.replace('1772323200', '-1')],
    ['no reason', good.replace(KEY.reason, '')],
    ['a member twice', good.replace('"at"', '"at":1,"at"')],
    ['a manifest', manifestText()],
    ['a text without end', good.replace('found', 'f'.repeat(20_000))],
  ])('is none: %s', (_, text) => {
    expect(readRevocationRequest(text, sha256)).toBeNull()
  })
})

describe('a manifest draft', () => {
  const payload = writeManifestPayload(manifestOf({ version: 2 }))

  test('is read without any signature, its payload as it is', () => {
    const draft = readDraft(writeManifest(payload, []), sha256)
    expect(draft).toMatchObject({ payload: new Uint8Array(payload), signatures: [] })
    expect(draft?.manifest.version).toBe(2)
  })

  test('keeps a payload that other hands spelled', () => {
    const spelled = Buffer.from(`${Buffer.from(payload).toString()} `)
    expect(Buffer.from(readDraft(writeManifest(spelled, []), sha256)!.payload).equals(spelled)).toBe(true)
  })

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no manifest', '{"payload":"e30","signatures":[]}'],
    ['no signatures', `{"payload":"${Buffer.from(payload).toString('base64url')}"}`],
    ['a payload twice', writeManifest(payload, []).replace('{', '{"payload":"e30",')],
    ['a text without end', `${writeManifest(payload, [])}${' '.repeat(70_000)}`],
  ])('is none: %s', (_, text) => {
    expect(readDraft(text, sha256)).toBeNull()
  })
})
