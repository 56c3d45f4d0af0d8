import { describe, expect, it } from 'vitest'
import { openKey } from '../../src/authority/ceremony/root-key.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { passphrases } from '../authority/ceremony/kit.ts'
import { type Ceremony, ceremony, PASSPHRASES, requestFile } from './ceremony.ts'
import { emptyStage, type Ran } from './stage.ts'

/** Every spelling in which somebody might print a secret by accident. */
const spellings = (secret: Uint8Array): string[] => {
  const bytes = Buffer.from(secret)
  const texts = (['hex', 'base64', 'base64url', 'latin1'] as const).map((name) => bytes.toString(name))
  return [...texts, bytes.toString('hex').toUpperCase(), JSON.stringify([...bytes]), [...bytes].join(', ')]
}

async function secretsOf(one: Ceremony): Promise<readonly string[]> {
  const keys = await Promise.all(
    one.kids.map(async (kid, i) => {
      const opened = await openKey(
        passphrases,
        nodeCrypto,
        PASSPHRASES[i]!,
        one.text(`root/root-${kid}.key`),
        'root',
      )
      if (!opened.ok) throw new Error(opened.no.reason)
      return opened.value.privateKey
    }),
  )
  return [
    ...keys.flatMap(spellings),
    ...PASSPHRASES,
    ...PASSPHRASES.flatMap((one) => spellings(Buffer.from(one))),
  ]
}

describe('no private key and no passphrase', () => {
  it('is in anything a root command prints or writes', async () => {
    const one = await ceremony()
    one.files.set('requests.txt', requestFile())
    const chain = ['--manifest', 'root/root-manifest.json']
    const wrong = ['--key', `root/root-${one.kids[0]}.key`, '--passphrase-file', '2.txt']
    const lines: readonly (readonly string[])[] = [
      ['root', 'certify', 'requests.txt', ...chain, ...one.sign(0, 1), '--out', 'c.txt'],
      ['root', 'certify', 'requests.txt', ...chain, ...wrong, '--out', 'x.txt'],
      ['root', 'certify', 'requests.txt', ...chain, ...one.sign(0, 1), '--out', 'c.txt'],
      ['root', 'rotate', ...chain, '--threshold', '1', ...one.sign(0), '--out', 'd.json'],
      ['root', 'sign', 'd.json', ...chain, ...one.sign(1, 2), '--out', 'e.json'],
      ['root', 'sign', 'd.json', ...chain, ...wrong, '--out', 'x.json'],
      ['root', 'show', `root/root-${one.kids[0]}.key`],
      ['root', 'show', '0.txt'],
      ['root', 'verify', 'e.json', 'c.txt', ...chain],
      ['root', 'new', '--threshold', '1', '--keys', '1', '--out', 'again', '--passphrase-file', '0.txt'],
      ['root', 'new', '--threshold', '1', '--keys', '1', '--out', 'again', '--passphrase-file', '0.txt'],
    ]
    const said: Ran[] = []
    for (const line of lines)
      for (const more of [[], ['--json']]) said.push(await one.licet(...line, ...more))
    const printed = said.map(({ out, err }) => out + err).join('\n')
    expect(said.filter(({ exit }) => exit === 0).length).toBeGreaterThan(5)
    const written = [...one.files].filter(([name]) => !/^\d\.txt$/.test(name)).map(([, text]) => text)
    const everything = [printed, ...written].join('\n')
    for (const secret of await secretsOf(one)) expect(everything).not.toContain(secret)
  })

  it('is looked for in every spelling: the search finds a planted one', async () => {
    const one = await ceremony()
    const secrets = await secretsOf(one)
    expect(secrets.some((secret) => `# ${PASSPHRASES[1]}`.includes(secret))).toBe(true)
    expect(new Set(secrets).size).toBeGreaterThan(30)
  })

  it('has an option of its own: no command takes one as an argument', async () => {
    const { licet } = emptyStage()
    for (const command of ['new', 'certify', 'rotate', 'sign', 'show', 'verify']) {
      const { out } = await licet('root', command, '--help')
      expect(out).not.toMatch(/--(passphrase|password|private-key|secret)\b(?!-file)/)
      expect(out).toContain('$ npx licet root')
    }
  })
})
