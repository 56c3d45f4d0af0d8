import { describe, expect, test } from 'vitest'
import type { VerifyOptions } from '../../src/verify/options.ts'
import { type MetOptions, metSince } from '../../src/verify/since.ts'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'
import { certificateText, codeText, ISSUED, keyOf, licenseText, manifestText, PAID_UNTIL } from './kit.ts'

const ROOT_TEXT = manifestText()
const { 'node:crypto': node, tweetnacl: fallback } = ENTRIES

function fail(): never {
  throw new Error('looked at')
}
const trap = new Proxy({}, { get: fail, has: fail, ownKeys: fail })

const QUESTIONS: readonly (readonly [string, unknown, unknown, unknown])[] = [
  ['a good license', licenseText(), ROOT_TEXT, { now: ISSUED }],
  ['a license in grace', licenseText(), ROOT_TEXT, { now: PAID_UNTIL }],
  ['an expired license', licenseText(), ROOT_TEXT, { now: PAID_UNTIL * 2 }],
  ['a code without its certificate', codeText(), ROOT_TEXT, { now: ISSUED }],
  ['a forged code', `${codeText({}, keyOf('x'))} ${certificateText()}`, ROOT_TEXT, { now: ISSUED }],
  ['a root that is none', licenseText(), '{}', { now: ISSUED }],
  ['nothing at all', undefined, undefined, undefined],
  ['no options', licenseText(), ROOT_TEXT, undefined],
  ['null options', licenseText(), ROOT_TEXT, null],
  ['options that are a number', licenseText(), ROOT_TEXT, 5],
  ['traps everywhere', trap, trap, trap],
  ['a trap for options', licenseText(), ROOT_TEXT, trap],
  ['a trap for a product', licenseText(), ROOT_TEXT, { now: ISSUED, product: trap }],
  ['a trap for editions', licenseText(), ROOT_TEXT, { now: ISSUED, product: { id: 1001, editions: trap } }],
  ['a trap for a device', licenseText(), ROOT_TEXT, { now: ISSUED, device: trap }],
  [
    'traps for certificates',
    codeText(),
    ROOT_TEXT,
    { now: ISSUED, certificates: [trap, 5, certificateText()] },
  ],
  [
    'a trap for manifests',
    licenseText(),
    ROOT_TEXT,
    { now: ISSUED, since: metSince({ manifests: trap } as MetOptions) },
  ],
  [
    'traps among manifests',
    licenseText(),
    ROOT_TEXT,
    { now: ISSUED, since: metSince({ manifests: [trap, ROOT_TEXT, 5] } as MetOptions) },
  ],
  [
    'a trap for a statement',
    licenseText(),
    ROOT_TEXT,
    { now: ISSUED, since: metSince({ statement: trap, nonce: trap } as MetOptions) },
  ],
  [
    'a trap for a list',
    licenseText(),
    ROOT_TEXT,
    { now: ISSUED, since: metSince({ list: trap } as MetOptions) },
  ],
  [
    'a trap for a state',
    licenseText(),
    ROOT_TEXT,
    { now: ISSUED, since: metSince({ state: trap } as MetOptions) },
  ],
  [
    'a state and no trust',
    licenseText(),
    '{}',
    { now: ISSUED, since: metSince({ state: '', manifests: [ROOT_TEXT] } as MetOptions) },
  ],
  [
    'a state and no text',
    undefined,
    ROOT_TEXT,
    { now: ISSUED, since: metSince({ state: '' } as MetOptions) },
  ],
  ['a trap for all that was met', licenseText(), ROOT_TEXT, { now: ISSUED, since: metSince(trap) }],
  ['a file that is none', '#', ROOT_TEXT, { now: ISSUED, since: metSince() }],
  ['a file and nothing that reads it', '#', ROOT_TEXT, { now: ISSUED }],
  ['a file of dots', '.'.repeat(100_000), ROOT_TEXT, { now: ISSUED, since: metSince() }],
  ['a file of brackets', `{"payload":${'['.repeat(60_000)}`, ROOT_TEXT, { now: ISSUED, since: metSince() }],
  ['a million certificates', codeText(), ROOT_TEXT, { now: ISSUED, certificates: Array(1e6).fill('LK1-') }],
]

describe('Every entry', () => {
  test.each(QUESTIONS)('gives the same verdict on %s, at once and later', async (_, text, trust, options) => {
    const question = [text, trust, options] as [string, string, VerifyOptions]
    const verdict = node.verifySync(...question)
    expect(verdict).toMatchObject({
      valid: expect.any(Boolean),
      standing: verdict.standing,
      reason: verdict.reason,
    })
    expect(fallback.verifySync(...question)).toEqual(verdict)
    for (const name of ENTRY_NAMES) expect(await ENTRIES[name].verify(...question)).toEqual(verdict)
  })

  test.each(ENTRY_NAMES)('opens trust later as at once: %s', async (name) => {
    const { openTrust } = ENTRIES[name]
    expect(await openTrust('{}')).toEqual(node.openTrustSync('{}'))
    const opened = await openTrust([ROOT_TEXT])
    expect(
      opened.ok && (await ENTRIES[name].verify(licenseText(), opened.trust, { now: ISSUED })).valid,
    ).toBe(true)
  })
})
