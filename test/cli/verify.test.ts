import { describe, expect, it } from 'vitest'
import { REASONS } from '../../src/verify/verdict.ts'
import {
  certificateText,
  codeText,
  ISSUED,
  keyOf,
  licenseText,
  manifestOf,
  manifestText,
  PAID_UNTIL,
} from '../verify/kit.ts'
import { CATALOG, emptyStage, sold, stage } from './stage.ts'

/** Files of another seller, whose keys are not of this instance; the clock stands in the paid year. */
function sellersFiles() {
  const open = () => Promise.reject(new Error('the database was opened'))
  const made = emptyStage({ open, now: () => ISSUED + 86_400 })
  made.files.set('root.json', manifestText())
  made.files.set('license.txt', licenseText())
  made.files.set('-', licenseText())
  made.files.set('catalog.json', JSON.stringify(CATALOG))
  const verify = (...more: string[]) => made.licet('verify', 'license.txt', '--root', 'root.json', ...more)
  return { ...made, verify }
}

describe('licet verify on a good text', () => {
  it('gives a line with the verdict and the two dates, then the details', async () => {
    const { exit, out, err } = await sellersFiles().verify()
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out.split('\n')[0]).toBe(
      'valid: active; paid until 2027-01-01T00:00:00Z, works until 2027-01-04T00:00:00Z',
    )
    expect(out).toContain('1ef6fc706daff69a')
  })

  it('prints the verdict, dates as RFC 3339', async () => {
    expect((await sellersFiles().verify('--json')).json()).toEqual({
      valid: true,
      standing: 'active',
      reason: null,
      license: {
        id: '1ef6fc706daff69a',
        product: 1001,
        edition: 2,
        features: [0, 2],
        seats: 50,
        trial: false,
        revision: 7,
        issuedAt: '2026-01-01T00:00:00Z',
        paidUntil: '2027-01-01T00:00:00Z',
        worksUntil: '2027-01-04T00:00:00Z',
        kid: keyOf('signer').kid,
        bound: false,
      },
    })
  })

  it('gives null for the dates of a perpetual license and says so', async () => {
    const { files, verify } = sellersFiles()
    files.set('license.txt', licenseText({ paidUntil: null }))
    expect((await verify('--json')).json().license).toMatchObject({ paidUntil: null, worksUntil: null })
    expect((await verify()).out).toMatch(/^valid: active; perpetual\n/)
  })

  it('reads standard input for -', async () => {
    expect((await sellersFiles().licet('verify', '-', '--root', 'root.json')).exit).toBe(0)
  })

  it.each([
    ['with a byte order mark', `\ufeff${licenseText()}`],
    ['in lower case over several lines', licenseText().toLowerCase().replaceAll('-', '\r\n')],
  ])('takes a file %s', async (_, text) => {
    const { files, verify } = sellersFiles()
    files.set('license.txt', text)
    expect((await verify()).exit).toBe(0)
  })

  it.each([
    ['a list of manifests', `[${manifestText()}]`],
    ['an answer of /v1/keys', `{"roots": [${manifestText()}], "certificates": []}`],
  ])('takes %s as root', async (_, text) => {
    const { files, verify } = sellersFiles()
    files.set('root.json', text)
    expect((await verify()).exit).toBe(0)
  })

  it('shows the names of a catalog, with and without a product asked for', async () => {
    const names = { product: 'cad-pro', edition: 'flagship', features: ['render', 'simulate'] }
    const { verify } = sellersFiles()
    for (const asked of [[], ['--product', 'cad-pro'], ['--product', '1001']]) {
      const { license } = (await verify('--catalog', 'catalog.json', ...asked, '--json')).json()
      expect(license).toMatchObject(names)
    }
  })
})

describe('licet verify on a text that is not valid ends with exit code 1, the reason, and what to do', () => {
  const other = keyOf('other')
  it.each([
    ['malformed', 'nothing', '', []],
    ['malformed', 'no license text', 'hello', []],
    ['malformed', 'bytes that are no text', new Uint8Array([0xff, 0xfe, 0, 1]), []],
    ['malformed', 'two codes', `${licenseText()} ${codeText()}`, []],
    [
      'mistyped',
      'a symbol changed',
      licenseText().replace(/(....)$/, (end) => [...end].reverse().join('')),
      [],
    ],
    ['mistyped', 'a symbol of the code changed', licenseText().replace('LC1-0', 'LC1-8'), []],
    ['unknown_key', 'no certificate', codeText(), []],
    [
      'unknown_key',
      'a certificate of another root',
      `${codeText()} ${certificateText({ rootKid: other.kid }, other)}`,
      [],
    ],
    [
      'not_certified',
      'a certificate for another product',
      `${codeText()} ${certificateText({ product: 5 })}`,
      [],
    ],
    ['wrong_product', 'another product', licenseText(), ['--product', '1002']],
    ['wrong_device', 'a bound code without its device', licenseText({ binding: new Uint8Array(10) }), []],
    [
      'wrong_device',
      'a bound code on another device',
      licenseText({ binding: new Uint8Array(10) }),
      ['--fingerprint', 'x'],
    ],
    ['expired', 'a time after the grace', licenseText(), ['--at', '2027-01-04']],
    ['not_yet_valid', 'a time before the issue', licenseText(), ['--at', '2025-12-29']],
  ])('%s: %s', async (reason, _, text, more) => {
    const { files, verify } = sellersFiles()
    files.set('license.txt', text)
    const document = await verify(...more, '--json')
    expect(document.exit).toBe(1)
    expect(document.json()).toMatchObject({ valid: false, reason })
    const { exit, out } = await verify(...more)
    expect(exit).toBe(1)
    expect(out).toMatch(new RegExp(`^invalid: ${reason}`))
    expect(out).toContain('What to do: ')
  })

  it('with grace on the way to it', async () => {
    const { verify } = sellersFiles()
    expect((await verify('--at', '2027-01-01', '--json')).json()).toMatchObject({
      valid: true,
      standing: 'grace',
    })
    expect((await verify('--at', '2026-12-31T23:59:59Z', '--json')).json().standing).toBe('active')
  })

  it('and shows the dates of a genuine code that ran out', async () => {
    const { out } = await sellersFiles().verify('--at', '2028-01-01')
    expect(out).toMatch(
      /^invalid: expired; paid until 2027-01-01T00:00:00Z, works until 2027-01-04T00:00:00Z\n/,
    )
    expect(PAID_UNTIL).toBe(Date.UTC(2027, 0, 1) / 1000)
  })
})

describe('licet verify cannot judge, exit code 2,', () => {
  it.each([
    ['no file', ['--root', 'root.json'], 'missing required argument'],
    ['a file that is not there', ['none.txt', '--root', 'root.json'], 'none.txt'],
    ['a root that is not there', ['license.txt', '--root', 'none.json'], 'none.json'],
    ['a root that is no JSON', ['license.txt', '--root', 'license.txt'], 'no JSON'],
    ['a root that does not hold', ['license.txt', '--root', 'forged.json'], 'do not hold'],
    ['no root at all', ['license.txt'], '--root'],
    [
      'a product code without a catalog',
      ['license.txt', '--root', 'root.json', '--product', 'cad-pro'],
      '--catalog',
    ],
    [
      'a product the catalog has not',
      ['license.txt', '--root', 'root.json', '--product', 'x', '--catalog', 'catalog.json'],
      '--product x',
    ],
    [
      'a catalog with faults',
      ['license.txt', '--root', 'root.json', '--catalog', 'bad.json'],
      'bad.json: products[0].id',
    ],
    ['a time that is none', ['license.txt', '--root', 'root.json', '--at', 'noon'], '--at'],
  ])('%s', async (_, argv, sentence) => {
    const { licet, files } = sellersFiles()
    files.set('forged.json', manifestText(manifestOf(), [keyOf('other')]))
    files.set('bad.json', JSON.stringify({ products: [{ ...CATALOG.products[0], id: 0 }] }))
    const { exit, out, err } = await licet('verify', ...argv)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain(sentence)
  })
})

describe('licet verify on the instance of the data directory', () => {
  it('takes its root and opens no database', async () => {
    const made = await stage()
    const id = await sold(made)
    const { text } = (await made.licet('license', 'show', id, '--json')).json()
    const pinned = await made.inside(async ({ store }) => store.manifests())
    const offline = emptyStage({
      open: () => Promise.reject(new Error('the database was opened')),
      pinnedManifests: async () => pinned,
      now: () => 1_772_323_200,
    })
    offline.files.set('license.txt', text)
    expect((await offline.licet('verify', 'license.txt', '--json')).json()).toMatchObject({
      valid: true,
      license: { id },
    })
  })

  it('tells a code of another seller apart', async () => {
    const made = await stage()
    made.files.set('license.txt', licenseText())
    expect((await made.licet('verify', 'license.txt', '--json')).json().reason).toBe('unknown_key')
  })
})

describe('the explanations', () => {
  it('cover every reason of the closed list', async () => {
    const { EXPLANATIONS } = await import('../../src/cli/reasons.ts')
    expect(Object.keys(EXPLANATIONS)).toEqual([...REASONS])
  })
})
