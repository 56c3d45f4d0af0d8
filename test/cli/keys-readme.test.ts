import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { licetWords, page, shellLines } from '../support/documented.ts'
import { emptyStage, type Stage } from './stage.ts'

const README = page('keys/README.md')

/** Runs them with the names that stand for others put in, and `kids` for each KID; each has to succeed. */
async function runAll(
  { licet }: Stage,
  section: string,
  names: Readonly<Record<string, string>> = {},
  kids: readonly string[] = [],
): Promise<number> {
  const commands = shellLines(README, section).map(licetWords)
  const left = [...kids]
  const meant = (word: string): string =>
    word === 'KID'
      ? left.shift()!
      : Object.entries(names).reduce((text, [name, other]) => text.replaceAll(name, other), word)
  for (const words of commands) {
    const line = words.map(meant)
    const { exit, err } = await licet(...line)
    expect(exit, `${line.join(' ')}: ${err}`).toBe(0)
  }
  expect(left).toEqual([])
  return commands.length
}

/** A terminal where everybody has the same passphrase. */
const TERMINAL = { askSecret: async () => 'the words of everybody' }

async function newRoot({ licet, files }: Stage, out: string): Promise<readonly string[]> {
  const { json } = await licet('root', 'show', `${out}/root-manifest.json`, '--json')
  const kids: string[] = json().items[0].keys.map(({ kid }: { kid: string }) => kid)
  for (const kid of kids) files.set(`root-${kid}.key`, files.get(`${out}/root-${kid}.key`)!)
  return kids
}

describe('the commands of keys/README.md', () => {
  it('make a root, certify the keys of a server, and change the root', async () => {
    const one = emptyStage(TERMINAL)
    expect(await runAll(one, '1. Make the root')).toBe(1)
    one.files.set('root-manifest.json', one.files.get('root-2026/root-manifest.json')!)
    const [a = '', b = '', c = ''] = await newRoot(one, 'root-2026')
    const names = { '5f3a9c21': a, '0c44e1b7': b, '9e1d00fa': c }
    expect(await runAll(one, '2. Certify the server', names)).toBe(6)
    await one.licet('root', 'new', '--threshold', '1', '--keys', '1', '--out', 'root-2027')
    const [added = ''] = await newRoot(one, 'root-2027')
    expect(await runAll(one, '3. Change the root', { ...names, '77aa01c2': added })).toBe(4)
    expect((await one.licet('keys', 'list', '--json')).json().rootVersion).toBe(2)
  })

  it('leave a development root behind', async () => {
    const one = emptyStage(TERMINAL)
    await one.licet('init')
    one.files.set('root-manifests.json', readFileSync(`${one.data}/root-manifests.json`))
    await runAll(one, '1. Make the root')
    const [a = '', b = ''] = await newRoot(one, 'root-2026')
    const shown = (await one.licet('root', 'show', 'root-manifests.json', '--json')).json()
    const { items } = (await one.licet('keys', 'list', '--json')).json()
    const active = items.map(({ kid }: { kid: string }) => kid)
    const names = { DEVELOPMENT_KID: shown.items[0].keys[0].kid, '5f3a9c21': a, '0c44e1b7': b }
    expect(await runAll(one, '4. Leave a development root', names, active)).toBe(5)
    expect((await one.licet('keys', 'list', '--json')).json()).toMatchObject({
      rootVersion: 2,
      developmentRoot: false,
    })
  })
})
