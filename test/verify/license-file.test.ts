import { describe, expect, test } from 'vitest'
import { writeLicenseFile } from '../../src/format/license-file.ts'
import { verifyMet } from './everything.ts'
import { certificateText, codeText, keyOf, licenseText, manifestOf, manifestText, SIGNER } from './kit.ts'
import { CERTIFICATES, LICENSE_ID, listText, NOW, ROOT_TEXT, statementText } from './since-kit.ts'

const next = manifestText(manifestOf({ version: 2 }))
const parts = {
  license: licenseText(),
  certificates: CERTIFICATES,
  manifests: [next],
  statement: statementText({ root: 2 }),
  list: listText(),
}
const file = writeLicenseFile(parts)

const outcome = (text: string, options = {}) => {
  const { standing, reason, decidedBy, line } = verifyMet(text, ROOT_TEXT, { now: NOW, ...options })
  return [reason ?? standing, decidedBy ?? null, line ?? null]
}

describe('A license file', () => {
  test('is judged with everything in it', () => {
    expect(outcome(file)).toEqual(['active', 'statement', null])
    expect(outcome(writeLicenseFile({ ...parts, manifests: [] }))).toEqual(['superseded', 'statement', null])
    expect(outcome(writeLicenseFile({ ...parts, certificates: [] }))).toEqual(['active', 'code', null])
    const list = listText([[LICENSE_ID, 9, 'frozen']])
    expect(outcome(writeLicenseFile({ ...parts, list }))).toEqual(['frozen', 'list', null])
  })

  test('is the same in every order of its lines, with comments and blank lines', () => {
    const lines = file.trimEnd().split('\n')
    for (let i = 0; i < lines.length; i++) {
      const turned = [...lines.slice(i), ...lines.slice(0, i)]
      expect(outcome(turned.join('\n'))).toEqual(['active', 'statement', null])
      expect(outcome(`# for machine 7\r\n\r\n${turned.reverse().join('\r\n\t# and\r\n  ')}`)[0]).toBe(
        'active',
      )
    }
  })

  test('brings its certificates to a code that has none on its line', () => {
    const text = `${codeText()}\n# the key of 2026\n${certificateText()}\n`
    expect(outcome(text)).toEqual(['active', 'code', null])
  })

  test('takes the certificates of statement and list from any line, that of the code too', () => {
    const [speaker, lister] = CERTIFICATES
    const frozen = statementText({ status: 'frozen' })
    const list = listText([[LICENSE_ID, 9, 'frozen']])
    expect(outcome(`${licenseText()}\n${speaker}\n${frozen}`)).toEqual(['frozen', 'statement', null])
    expect(outcome(`${licenseText()} ${speaker}\n${frozen}`)).toEqual(['frozen', 'statement', null])
    expect(outcome(`${licenseText()}\n${lister}\n${list}`)).toEqual(['frozen', 'list', null])
    expect(outcome(`${licenseText()} ${lister}\n${list}`)).toEqual(['frozen', 'list', null])
  })

  test('has room for 64 lines of certificates beside the 64 texts that the program gives', () => {
    const filler = certificateText({ serial: 9 })
    const lines = (count: number) =>
      `${codeText()}\n# all\n${[...Array(count).fill(filler), certificateText()].join('\n')}`
    const none = { certificates: Array(99).fill('none') }
    expect(outcome(lines(63), none)).toEqual(['active', 'code', null])
    expect(outcome(lines(64), none)).toEqual(['malformed', null, 67])
  })

  test('names the line that cannot be read', () => {
    expect(outcome(`# one\n${file}x.y.z\n`)).toEqual(['malformed', null, 8])
    expect(outcome(`\n\n{}\n`)).toEqual(['malformed', null, 3])
    const mistyped = parts.license.replace('LC1-0', 'LC1-1')
    expect(outcome(writeLicenseFile({ ...parts, license: mistyped }))).toEqual(['mistyped', null, 1])
  })

  test('keeps the state as it was when it cannot be read', () => {
    expect(verifyMet('{}', ROOT_TEXT, { now: NOW, state: 'LS1.x' })).toMatchObject({
      line: 1,
      state: 'LS1.x',
    })
  })

  test('without a license is none', () => {
    expect(outcome(writeLicenseFile({ ...parts, license: null }))).toEqual(['malformed', null, null])
  })

  test('stands behind what the options give', () => {
    const statement = statementText({ status: 'frozen' })
    expect(outcome(file, { statement })).toEqual(['frozen', 'statement', null])
    const list = listText([[LICENSE_ID, 9, 'superseded']])
    expect(outcome(file, { list })).toEqual(['superseded', 'list', null])
  })

  test('brings no trust of its own: a chain from another root changes nothing', () => {
    const stranger = keyOf('stranger')
    const own = manifestText(manifestOf({ keys: [stranger] }), [stranger])
    const license = `${codeText({ kid: stranger.kid }, stranger)} ${certificateText({ publicKey: stranger.publicKey }, stranger)}`
    expect(outcome(writeLicenseFile({ ...parts, license, manifests: [own, next] }))[0]).toBe('unknown_key')
    const grafted = manifestText(manifestOf({ version: 3, keys: [stranger] }), [stranger])
    expect(outcome(writeLicenseFile({ ...parts, license, manifests: [next, grafted] }))[0]).toBe(
      'unknown_key',
    )
  })

  test('may bring the revocation of its own key', () => {
    const revoked = [{ kid: SIGNER.kid, publicKey: SIGNER.publicKey, at: NOW, reason: 'leaked' }]
    const manifests = [manifestText(manifestOf({ version: 2, revoked }))]
    expect(outcome(writeLicenseFile({ ...parts, manifests }))[0]).toBe('key_revoked')
  })
})
