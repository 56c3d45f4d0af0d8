import { describe, expect, test } from 'vitest'
import type { VerifyOptions } from '../../src/verify/options.ts'
import { type MetOptions, metSince } from '../../src/verify/since.ts'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'
import { ISSUED, licenseText, manifestText } from './kit.ts'
import { CERTIFICATES, listText, NOW, statementText } from './since-kit.ts'

const ROOT_TEXT = manifestText()
const now = ISSUED

/** Evidence that would be passed over in silence is a mistake of the program, and it hears of it. */
describe.each(ENTRY_NAMES)('Through %s', (name) => {
  const { verify } = ENTRIES[name]

  test.each<[string, object]>([
    ['a statement', { statement: statementText() }],
    ['a revocation list', { list: listText() }],
    ['a stored state', { state: '' }],
    ['manifests met', { manifests: [ROOT_TEXT] }],
    ['a nonce', { nonce: 'n' }],
    ['a statement that is null', { statement: null }],
    ['a misspelled option', { fingerprint: 'device-42' }],
  ])('%s among the options of a license text is an error that says where it belongs', async (_, over) => {
    const asked = { now, ...over } as VerifyOptions
    await expect(verify(licenseText(), ROOT_TEXT, asked)).rejects.toThrow(
      `no option ${Object.keys(over)[0]}: see licet/verify/since`,
    )
  })

  test.each<[string, unknown]>([
    ['the evidence itself', { list: listText() }],
    ['a promise', Promise.resolve(metSince())],
    ['a text', statementText()],
  ])('what was met is not taken as %s', async (_, since) => {
    const asked = { now, since } as unknown as VerifyOptions
    await expect(verify(licenseText(), ROOT_TEXT, asked)).rejects.toThrow(TypeError)
  })

  test('what was met is one value for any number of verdicts', async () => {
    const list = listText([['1ef6fc706daff69a', 8, 'frozen']])
    const asked = { now: NOW, certificates: CERTIFICATES, since: metSince({ list }) }
    for (const text of [licenseText(), licenseText(), licenseText({ revision: 8 })]) {
      const expected = text === licenseText() ? 'frozen' : null
      expect((await verify(text, ROOT_TEXT, asked)).reason).toBe(expected)
    }
  })

  test('a license file without what reads it is malformed, and never taken for a license text', async () => {
    const file = `${licenseText()}\n${listText()}\n`
    expect((await verify(file, ROOT_TEXT, { now: NOW })).reason).toBe('malformed')
    const asked = { now: NOW, certificates: CERTIFICATES, since: metSince() }
    expect((await verify(file, ROOT_TEXT, asked)).valid).toBe(true)
  })
})

test('A member that nothing met can be is an error when it is given', () => {
  expect(() => metSince({ statment: statementText() } as MetOptions)).toThrow('metSince knows no statment')
  expect(() => metSince({ now } as MetOptions)).toThrow(TypeError)
})
