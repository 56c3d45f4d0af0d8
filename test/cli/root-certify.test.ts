import { describe, expect, it } from 'vitest'
import { manifestBy, newKey, requestText, signedManifest } from '../authority/ceremony/kit.ts'
import { type Ceremony, ceremony, made, requestFile } from './ceremony.ts'
import { DAY, START } from './stage.ts'

const certify = (one: Ceremony, ...more: string[]) =>
  one.licet('root', 'certify', 'requests.txt', '--manifest', 'root/root-manifest.json', ...more)

async function withRequest(text = requestFile()): Promise<Ceremony> {
  const one = await ceremony()
  one.files.set('requests.txt', text)
  return one
}

describe('licet root certify', () => {
  it('signs what was asked for with each root key, and the certificates hold', async () => {
    const key = newKey()
    const one = await withRequest(requestFile(key))
    const { exit, out } = await certify(one, ...one.sign(0, 2), '--out', 'certificates.txt')
    expect(exit).toBe(0)
    expect(one.text('certificates.txt').match(/^LK1-/gm)).toHaveLength(2)
    for (const text of one.text('certificates.txt').match(/^LK1-.*/gm)!) expect(out).toContain(text)
    expect(out).toContain(`key ${key.kid}: codes, 2026-03-01T00:00:00Z to 2027-03-02T00:00:00Z`)
    const verified = await one.licet(
      'root',
      'verify',
      'certificates.txt',
      '--manifest',
      'root/root-manifest.json',
    )
    expect(verified).toMatchObject({ exit: 0 })
    expect(verified.out).toContain(`key ${key.kid} is certified by ${one.kids[0]}, ${one.kids[2]}`)
  })

  it('signs all requests of the file', async () => {
    const requests = ['codes', 'statements', 'lists'].map((usage, i) =>
      requestText(newKey(), { usage: usage as 'codes', serial: i + 1, from: START, to: START + DAY }),
    )
    const one = await withRequest(requests.join('\n'))
    const { items } = (await certify(one, ...one.sign(0, 1), '--out', 'c.txt', '--json')).json()
    expect(
      items.map(({ usage, certificates }: { usage: string; certificates: string[] }) => [
        usage,
        certificates.length,
      ]),
    ).toEqual([
      ['codes', 2],
      ['statements', 2],
      ['lists', 2],
    ])
  })

  it('makes the same certificates whether the officers meet or not', async () => {
    const one = await withRequest()
    const alone = await certify(one, ...one.sign(1), '--out', 'one.txt')
    expect(alone.out).toContain('1 more of the root keys must sign the same request')
    await certify(one, ...one.sign(2), '--out', 'two.txt')
    await certify(one, ...one.sign(1, 2), '--out', 'both.txt')
    const lines = (path: string) => one.text(path).match(/^LK1-.*/gm)!
    expect([...lines('one.txt'), ...lines('two.txt')]).toEqual(lines('both.txt'))
    const verify = (...files: string[]) =>
      one.licet('root', 'verify', ...files, '--manifest', 'root/root-manifest.json')
    expect((await verify('one.txt')).exit).toBe(1)
    one.files.set('joined.txt', `${one.text('one.txt')}\n${one.text('two.txt')}`)
    expect((await verify('joined.txt')).exit).toBe(0)
  })

  it('shows what would be signed and opens no key in a dry run', async () => {
    const one = await withRequest()
    const keys = ['--key', `root/root-${one.kids[0]}.key`]
    const before = one.files.size
    const { exit, out } = await certify(one, ...keys, '--out', 'c.txt', '--dry-run')
    expect({ exit, written: one.files.size - before }).toEqual({ exit: 0, written: 0 })
    for (const said of [
      'may sign      codes',
      'https://license.example.com',
      'every one',
      'Nothing was signed',
    ])
      expect(out).toContain(said)
  })

  it('notes it when the window is over', async () => {
    const one = await withRequest(requestFile(newKey(), { from: START - 2 * DAY, to: START }))
    const { notes } = (await certify(one, ...one.sign(0, 1), '--out', 'c.txt', '--json')).json()
    expect(notes[0]).toContain('is over by the clock of this machine')
  })

  it('tells the keyboard of an officer three times that the passphrase is wrong', async () => {
    const answers = ['wrong words', 'wrong again', 'first passphrase']
    const one = await ceremony({ askSecret: async () => answers.shift() ?? null })
    one.files.set('requests.txt', requestFile())
    const { exit, err } = await certify(one, '--key', `root/root-${one.kids[0]}.key`, '--out', 'c.txt')
    expect(exit).toBe(0)
    expect(err.match(/does not open/g)).toHaveLength(2)
    expect(err).not.toContain('wrong words')
  })
})

describe('licet root certify refuses, and signs nothing:', () => {
  const [header, payload, signature] = requestText(newKey()).split('.')
  const edited = Buffer.from(
    Buffer.from(payload!, 'base64url').toString().replace('"product":0', '"product":1'),
  ).toString('base64url')

  it.each([
    [
      'an edited request',
      `${header}.${edited}.${signature}`,
      'Line 1 of requests.txt is not signed by the key it speaks of',
    ],
    [
      'a request of another',
      `# a\n${header}.${payload}.${'A'.repeat(86)}`,
      'Line 2 of requests.txt is not signed',
    ],
    ['a request that is cut', `${header}.${payload}`, 'Line 1 of requests.txt is no certification request'],
    [
      'a wrapped request',
      `${header}.${payload}.\n${signature}`,
      'Line 1 of requests.txt is no certification request',
    ],
    ['an empty file', '', 'holds no certification request'],
    ['a window that ends before it begins', requestText(newKey(), { to: 5 }), 'ends before it begins'],
    [
      'a window of ten years',
      requestText(newKey(), { from: START, to: START + 3_660 * DAY }),
      'over five years',
    ],
    ['bytes that are no text', '\ud800', 'no certification request'],
  ])('%s', async (_, text, sentence) => {
    const one = await withRequest(text)
    const { exit, out, err } = await certify(one, ...one.sign(0, 1), '--out', 'c.txt')
    expect({ exit, out, written: one.files.has('c.txt') }).toEqual({ exit: 2, out: '', written: false })
    expect(err).toContain(sentence)
  })

  it('a wrong passphrase', async () => {
    const one = await withRequest()
    const keys = ['--key', `root/root-${one.kids[0]}.key`, '--passphrase-file', '1.txt']
    const { exit, err } = await certify(one, ...keys, '--out', 'c.txt')
    expect({ exit, written: one.files.has('c.txt') }).toEqual({ exit: 2, written: false })
    expect(err).toContain(`does not open root/root-${one.kids[0]}.key (key ${one.kids[0]})`)
  })

  it('a key of another root, before its passphrase is asked for', async () => {
    const one = await withRequest()
    const { keys } = (await made(one, 'other', 1, 1)).json()
    const { exit, err } = await certify(one, '--key', keys[0].file, '--out', 'c.txt')
    expect(exit).toBe(1)
    expect(err).toContain(`holds root key ${keys[0].kid}, which has no say under root manifest version 1`)
    expect(err).toContain(one.kids.join(', '))
  })

  it('a key that left the root', async () => {
    const one = await withRequest()
    const to = [
      'root',
      'rotate',
      '--manifest',
      'root/root-manifest.json',
      '--drop',
      one.kids[0],
      '--out',
      'two.json',
    ]
    expect((await one.licet(...to, ...one.sign(1, 2))).exit).toBe(0)
    const { exit, err } = await certify(one, '--manifest', 'two.json', ...one.sign(0), '--out', 'c.txt')
    expect(exit).toBe(1)
    expect(err).toContain('no say under root manifest version 2')
  })

  it('the same key in two files', async () => {
    const one = await withRequest()
    one.files.set('copy.key', one.text(`root/root-${one.kids[0]}.key`))
    const { exit, err } = await certify(
      one,
      ...one.sign(0),
      '--key',
      'copy.key',
      '--passphrase-file',
      '0.txt',
      '--out',
      'c.txt',
    )
    expect(exit).toBe(2)
    expect(err).toContain('hold the same root key')
  })

  it('an out file that exists, which stays as it is', async () => {
    const one = await withRequest()
    one.files.set('c.txt', 'certificates of last year')
    const { exit, err } = await certify(one, ...one.sign(0, 1), '--out', 'c.txt')
    expect({ exit, kept: one.text('c.txt') }).toEqual({ exit: 2, kept: 'certificates of last year' })
    expect(err).toContain('exists already')
  })

  it('a request for a key whose kid is in use', async () => {
    const one = await ceremony()
    const root = newKey()
    one.files.set('own.json', signedManifest(manifestBy([root], { threshold: 1 }), [root]))
    one.files.set('requests.txt', requestFile(root))
    const { exit, err } = await one.licet(
      'root',
      'certify',
      'requests.txt',
      '--manifest',
      'own.json',
      ...one.sign(0),
      '--out',
      'c.txt',
    )
    expect(exit).toBe(1)
    expect(err).toContain(`Key ${root.kid} has the kid of a root key`)
  })

  it.each([
    ['no chain', 'gone.json', 'gone.json cannot be read'],
    ['a chain that is no JSON', '0.txt', 'is no JSON'],
    ['a chain that nobody signed', 'unsigned.json', 'do not hold'],
  ])('%s', async (_, chain, sentence) => {
    const one = await withRequest()
    one.files.set(
      'unsigned.json',
      one.text('root/root-manifest.json').replace(/"signatures":\[.*\]/, '"signatures":[]'),
    )
    const { exit, err } = await one.licet(
      'root',
      'certify',
      'requests.txt',
      '--manifest',
      chain,
      ...one.sign(0),
      '--out',
      'c.txt',
    )
    expect(exit).toBe(2)
    expect(err).toContain(sentence)
  })
})
