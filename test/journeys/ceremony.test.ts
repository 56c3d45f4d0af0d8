import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Program, program } from '../support/program.ts'

const CATALOG = {
  products: [
    {
      id: 1001,
      code: 'cad-pro',
      name: 'CAD Pro',
      graceDays: 3,
      features: [],
      editions: [{ id: 1, code: 'standard', features: [] }],
    },
  ],
  offers: [],
}
const SALE = ['license', 'issue', '--product', 'cad-pro', '--edition', 'standard', '--perpetual']

interface Root {
  readonly keys: readonly { readonly kid: string; readonly file: string }[]
  readonly manifest: string
}

/** A server, and the machine in the safe room that has neither a network nor a data directory. */
let server: Program
let offline: Program
beforeEach(() => {
  server = program()
  offline = program({ LICET_DATABASE_URL: 'sqlite:/nowhere/at-all.db', LICET_PORT: 'none' })
})
afterEach(async () => {
  // Nothing of an instance came to be there.
  expect(existsSync(offline.data)).toBe(false)
  await server.remove()
  await offline.remove()
})

const at = ({ data }: Program, name: string): string => join(dirname(data), name)
/** By stick. */
const carry = (from: Program, to: Program, name: string, as = name): string =>
  to.file(as, readFileSync(at(from, name), 'utf8'))

async function newRoot(): Promise<Root> {
  const files = [0, 1, 2].map((i) => offline.file(`${i}.txt`, `passphrase of officer ${i}\n`))
  const given = [
    '--threshold',
    '2',
    '--keys',
    '3',
    '--out',
    'root',
    ...files.flatMap((file) => ['--passphrase-file', file]),
  ]
  return offline.json<Root>('root', 'new', ...given)
}

const officer = (root: Root, i: number): string[] => [
  '--key',
  root.keys[i]!.file,
  '--passphrase-file',
  `${i}.txt`,
]

async function sold(): Promise<string> {
  return (await server.json<{ text: string }>(...SALE)).text
}

describe('a root that never touched the server', () => {
  it('goes from the ceremony to the first code, which software that pinned the first manifest accepts', async () => {
    const root = await newRoot()
    for (const { file } of root.keys) expect(statSync(at(offline, file)).mode & 0o077).toBe(0)
    expect(readdirSync(at(offline, 'root'))).toHaveLength(5)

    carry(offline, server, 'root/root-manifest.json', 'root-manifest.json')
    const made = await server.json<{ developmentRootFile: null; keys: { kid: string }[] }>(
      'init',
      '--root',
      'root-manifest.json',
    )
    expect(made.developmentRootFile).toBeNull()
    server.file('catalog.json', JSON.stringify(CATALOG))
    await server.json('catalog', 'apply', 'catalog.json')
    expect((await server.run(...SALE)).code).toBe(1)
    await server.json('keys', 'request', '--request-file', 'requests.txt')

    carry(server, offline, 'requests.txt')
    const chain = ['--manifest', 'root/root-manifest.json']
    await offline.json('root', 'certify', 'requests.txt', ...chain, ...officer(root, 0), '--out', 'of-0.txt')
    await offline.json('root', 'certify', 'requests.txt', ...chain, ...officer(root, 2), '--out', 'of-2.txt')
    expect((await offline.run('root', 'verify', 'of-0.txt', ...chain)).code).toBe(1)

    carry(offline, server, 'of-0.txt')
    carry(offline, server, 'of-2.txt')
    expect((await server.run('keys', 'import', 'of-0.txt')).code).toBe(1)
    await server.json('keys', 'import', 'of-0.txt', 'of-2.txt')
    for (const { kid } of made.keys)
      await server.json('keys', 'promote', kid, '--force', '--reason', 'nothing was sold before')

    const text = await sold()
    offline.file('license.txt', text)
    const verdict = await offline.json<{ valid: boolean; kid: string }>(
      'verify',
      'license.txt',
      '--root',
      'root/root-manifest.json',
    )
    expect(verdict.valid).toBe(true)
  })

  it('leaves a development root behind, which is revoked by it', async () => {
    await server.json('init')
    server.file('catalog.json', JSON.stringify(CATALOG))
    await server.json('catalog', 'apply', 'catalog.json')
    const before = await sold()
    server.file('day-0.json', readFileSync(join(server.data, 'root-manifests.json'), 'utf8'))
    const shown = await server.json<{ items: { keys: { kid: string }[] }[] }>('root', 'show', 'day-0.json')
    const development = shown.items[0]!.keys[0]!.kid

    const root = await newRoot()
    carry(server, offline, 'day-0.json')
    const change = ['--add', 'root/root-manifest.json', '--threshold', '2', '--revoke', development]
    const why = ['--reason', 'it lay on a server']
    const drafted = [
      'root',
      'rotate',
      '--manifest',
      'day-0.json',
      ...change,
      ...why,
      ...officer(root, 0),
      ...officer(root, 1),
    ]
    expect(await offline.json(...drafted, '--out', 'draft.json')).toMatchObject({ complete: false })
    carry(offline, server, 'draft.json')
    const signed = [
      'root',
      'sign',
      'draft.json',
      '--manifest',
      'day-0.json',
      '--development',
      '--out',
      'two.json',
    ]
    expect(await server.json(...signed)).toMatchObject({ complete: true, version: 2 })

    const { items } = await server.json<{ items: { kid: string }[] }>('keys', 'list')
    const kids = items.map(({ kid }) => kid)
    await server.json('keys', 'request', ...kids, '--request-file', 'requests.txt')
    carry(server, offline, 'requests.txt')
    carry(server, offline, 'two.json')
    const chain = ['--manifest', 'day-0.json', '--manifest', 'two.json']
    const officers = [...officer(root, 1), ...officer(root, 2)]
    const certified = await offline.json<{ items: { kid: string }[] }>(
      'root',
      'certify',
      'requests.txt',
      ...chain,
      ...officers,
      '--out',
      'certificates.txt',
    )
    expect(certified.items.map(({ kid }) => kid).sort()).toEqual(kids.sort())
    // Alone, the manifest would leave the server without a key that may sign.
    carry(offline, server, 'certificates.txt')
    expect((await server.run('keys', 'import', 'two.json')).code).toBe(1)

    await server.json('keys', 'import', 'certificates.txt', 'two.json')
    expect(existsSync(join(server.data, 'development-root.jwe'))).toBe(false)

    offline.file('before.txt', before)
    offline.file('after.txt', await sold())
    offline.file(
      'met.json',
      `[${readFileSync(at(offline, 'day-0.json'), 'utf8').trim().slice(1, -1)},${readFileSync(at(offline, 'two.json'), 'utf8')}]`,
    )
    const verdictOf = async (text: string, pinned: string) =>
      JSON.parse((await offline.run('verify', text, '--root', pinned, '--json')).stdout) as {
        valid: boolean
        reason: string
      }
    expect(await verdictOf('before.txt', 'day-0.json')).toMatchObject({ valid: true })
    expect(await verdictOf('after.txt', 'met.json')).toMatchObject({ valid: true })
    expect(await verdictOf('before.txt', 'met.json')).toMatchObject({ valid: false, reason: 'unknown_key' })
  })
})

describe('a ceremony that is killed', () => {
  const KILLER = fileURLToPath(new URL('../support/kill-at.mjs', import.meta.url))

  it('leaves all of its files or none, and the next one says what to remove', async () => {
    const out = at(offline, 'root')
    const passphrase = offline.file('0.txt', 'passphrase of officer 0')
    const given = ['--threshold', '1', '--keys', '1', '--out', out, '--passphrase-file', passphrase]
    const ends = new Set<string>()
    for (let write = 1; write < 64; write += 9) {
      // The killer counts the writes below this path.
      const one = program({ NODE_OPTIONS: `--import=${KILLER}`, KILL_AT: `${write}`, LICET_DATA: out })
      const { code } = await one.run('root', 'new', ...given)
      await one.remove()
      const isWhole = existsSync(out)
      if (isWhole) expect(readdirSync(out)).toHaveLength(3)
      const again = await offline.run('root', 'new', ...given)
      const said = /root\.new is left over .*Remove it|root exists already/.test(again.stderr)
      expect(said || again.code === 0, again.stderr).toBe(true)
      ends.add(`${code === 0 ? 'not killed' : 'killed'}, ${isWhole ? 'all' : 'none'}`)
      for (const left of [out, `${out}.new`]) rmSync(left, { recursive: true, force: true })
    }
    expect(ends).toContain('killed, none')
    expect(ends).toContain('not killed, all')
  })
})
