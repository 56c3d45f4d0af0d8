import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { certificateText, keyOf, manifestOf, manifestText } from '../verify/kit.ts'
import { emptyStage } from './stage.ts'

describe('licet init', () => {
  it('makes an instance and says which file must not be lost', async () => {
    const { licet, data } = emptyStage()
    const { exit, out, err } = await licet('init')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toContain(`Back up the master key, ${join(data, 'master.key')}`)
    expect(out).toContain('Losing it loses every key')
    expect(out).toContain(join(data, 'development-root.jwe'))
    expect(out).toContain('npx licet channel add')
    expect((await licet('keys', 'list')).exit).toBe(0)
  })

  it('prints one document with the place of each private part and the keys', async () => {
    const { licet, data } = emptyStage()
    const document = (await licet('init', '--json')).json()
    expect(document).toMatchObject({
      data,
      database: join(data, 'licet.db'),
      masterKeyFile: join(data, 'master.key'),
      developmentRootFile: join(data, 'development-root.jwe'),
      manifestsFile: join(data, 'root-manifests.json'),
    })
    expect(document.keys.map(({ usage, status }: Record<string, string>) => [usage, status]).sort()).toEqual([
      ['codes', 'active'],
      ['lists', 'active'],
      ['statements', 'active'],
    ])
  })

  it('never prints the master key', async () => {
    const { licet, data } = emptyStage()
    const { out, err } = await licet('init')
    const masterKey = readFileSync(join(data, 'master.key'), 'utf8').trim()
    expect(masterKey).toHaveLength(43)
    expect(out + err).not.toContain(masterKey)
  })

  it('changes nothing where there are keys already', async () => {
    const { licet, data } = emptyStage()
    await licet('init')
    const before = readFileSync(join(data, 'master.key'), 'utf8')
    const keys = (await licet('keys', 'list')).out
    const again = await licet('init')
    expect(again).toMatchObject({ exit: 1, out: '' })
    expect(again.err).toContain('holds keys already')
    expect(readFileSync(join(data, 'master.key'), 'utf8')).toBe(before)
    expect((await licet('keys', 'list')).out).toBe(keys)
  })
})

describe('licet init --root', () => {
  const first = manifestText()
  const other = keyOf('other root')
  const second = manifestText(manifestOf({ version: 2, keys: [other] }), [keyOf('root'), other])

  it.each([
    ['one manifest', first],
    ['one manifest behind a byte order mark', `\ufeff${first}`],
    ['a list of manifests', `[${first},\n${second}]`],
    ['an answer of /v1/keys', `{"roots": [${first}, ${second}], "certificates": ["${certificateText()}"]}`],
    ['a list of manifests in text', JSON.stringify([first])],
  ])('takes %s, makes no private root, and its keys wait', async (_, text) => {
    const { licet, files, data } = emptyStage()
    files.set('root.json', text)
    const { exit, json } = await licet('init', '--root', 'root.json', '--json')
    expect(exit).toBe(0)
    expect(json().developmentRootFile).toBeNull()
    expect(json().keys.map(({ status }: { status: string }) => status)).toEqual([
      'pending',
      'pending',
      'pending',
    ])
    expect(existsSync(join(data, 'development-root.jwe'))).toBe(false)
    expect((await licet('keys', 'list')).out).toContain('waits for its certificate')
  })

  it('says that the keys wait for the root', async () => {
    const { licet, files } = emptyStage()
    files.set('root.json', first)
    expect((await licet('init', '--root', 'root.json')).out).toContain(
      'they sign once the root has certified them',
    )
  })

  it.each([
    ['a file that is not there', null],
    ['a file that is empty', ''],
    ['a file that is no JSON', '{"payload": '],
    ['a file that is not UTF-8', new Uint8Array([0xff, 0xfe, 0x7b])],
    ['an empty list', '[]'],
    ['an answer without roots', '{"roots": []}'],
    ['JSON that is no manifest', '{"version": 1}'],
    ['a manifest that another key signed', manifestText(manifestOf(), [other])],
    ['a manifest that nobody signed', manifestText(manifestOf(), [])],
    ['a chain that skips a version', `[${first}, ${manifestText(manifestOf({ version: 3 }))}]`],
    [
      'a chain whose old root did not sign',
      `[${first}, ${manifestText(manifestOf({ version: 2, keys: [other] }), [other])}]`,
    ],
  ])('refuses %s before anything is made', async (_, text) => {
    const { licet, files, data } = emptyStage()
    if (text !== null) files.set('root.json', text)
    const { exit, out, err } = await licet('init', '--root', 'root.json')
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain('root.json')
    expect(existsSync(join(data, 'licet.db'))).toBe(false)
  })
})

describe('an init that is refused says why and what to do, with exit code 1', () => {
  it.each([
    ['another init is running', { reason: 'under_way' }, /Another init is running/],
    [
      'files of an instance lie there',
      { reason: 'left_over', file: '/d/development-root.jwe', database: '/d/licet.db' },
      /development-root\.jwe .*\/d\/licet\.db has no keys.*\n.*Bring that database back, or move the file away/,
    ],
  ] as const)('%s', async (_, refusal, sentence) => {
    for (const command of ['init', 'start']) {
      const { licet } = emptyStage({ init: async () => ({ ok: false, no: refusal }), serve: async () => 99 })
      const { exit, out, err } = await licet(command)
      expect({ exit, out }).toEqual({ exit: 1, out: '' })
      expect(err).toMatch(sentence)
      expect((await licet(command, '--json')).json()).toMatchObject({ error: refusal.reason })
    }
  })
})

describe('licet start, which npm start runs', () => {
  it('makes an instance where there is none, tells of it on standard error, and serves', async () => {
    let served = 0
    const { licet } = emptyStage({ serve: async () => ++served && 0 })
    const { exit, out, err } = await licet('start')
    expect({ exit, out, served }).toEqual({ exit: 0, out: '', served: 1 })
    expect(err).toContain('Back up the master key')
    expect(err).not.toContain('What to do next')
  })

  it('only serves where there is one', async () => {
    const { licet } = emptyStage()
    await licet('init')
    expect(await licet('start')).toMatchObject({ exit: 0, out: '', err: '' })
  })

  it.each(['start', 'serve'])('%s ends as the server ended', async (command) => {
    expect((await emptyStage({ serve: async () => 3 }).licet(command)).exit).toBe(3)
  })
})

describe('licet demo', () => {
  it('tells the composition whether a document is wanted and ends as the story ended', async () => {
    const asked: boolean[] = []
    const { licet } = emptyStage({ demo: async (json) => asked.push(json) })
    expect([(await licet('demo')).exit, (await licet('demo', '--json')).exit]).toEqual([1, 2])
    expect(asked).toEqual([false, true])
  })
})
