import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Ceremony, ceremony, made } from './ceremony.ts'
import { emptyStage } from './stage.ts'

const CHAIN = ['--manifest', 'root/root-manifest.json']
const rotate = (one: Ceremony, ...more: string[]) =>
  one.licet('root', 'rotate', ...CHAIN, '--out', 'draft.json', ...more)
const sign = (one: Ceremony, draft: string, out: string, ...more: string[]) =>
  one.licet('root', 'sign', draft, ...CHAIN, '--out', out, ...more)
const verify = (one: Ceremony, file: string) => one.licet('root', 'verify', file, ...CHAIN)

describe('licet root sign', () => {
  const draftOf = async (one: Ceremony) => rotate(one, '--threshold', '1', ...one.sign(0))

  it('counts a second signature of one key once and says so', async () => {
    const one = await ceremony()
    await draftOf(one)
    const again = await sign(one, 'draft.json', 'again.json', ...one.sign(0), '--json')
    expect(again.json().notes[0]).toBe(`root key ${one.kids[0]} had signed already; it counts once`)
    expect(again.json()).toMatchObject({ complete: false })
    expect(one.text('again.json')).toBe(one.text('draft.json'))
  })

  it('says which of the keys must still sign', async () => {
    const one = await ceremony()
    await draftOf(one)
    const { exit, err, out } = await verify(one, 'draft.json')
    expect({ exit, err }).toEqual({ exit: 1, err: '' })
    expect(out).toContain(`1 of 2 have signed; 1 more of ${one.kids[1]}, ${one.kids[2]} must sign`)
  })

  it('shows what would be signed in a dry run', async () => {
    const one = await ceremony()
    await draftOf(one)
    const { exit, out } = await sign(
      one,
      'draft.json',
      'x.json',
      '--key',
      `root/root-${one.kids[1]}.key`,
      '--dry-run',
    )
    expect(exit).toBe(0)
    expect(out).toContain('threshold      1 of 3 keys must sign')
    expect(one.files.has('x.json')).toBe(false)
  })

  it.each([
    ['nobody who signs', [], 2, 'Nobody is to sign'],
    [
      'a key of another root',
      ['--key', 'other/KEY', '--passphrase-file', '0.txt'],
      1,
      'nor under the draft of version 2',
    ],
    ['a wrong passphrase', ['--key', 'root/KEY1', '--passphrase-file', '0.txt'], 2, 'does not open'],
    [
      'an out file that exists',
      ['--key', 'root/KEY1', '--passphrase-file', '1.txt', '--out', '0.txt'],
      2,
      'exists already',
    ],
  ])('is refused with %s', async (_, options, exit, sentence) => {
    const one = await ceremony()
    await draftOf(one)
    const { keys } = (await made(one, 'other', 1, 1)).json()
    const given = options.map((o) =>
      o.replace('other/KEY', keys[0].file).replace('root/KEY1', `root/root-${one.kids[1]}.key`),
    )
    const before = one.files.size
    const ran = await sign(one, 'draft.json', 'out.json', ...given)
    expect({ exit: ran.exit, out: ran.out, written: one.files.size - before }).toEqual({
      exit,
      out: '',
      written: 0,
    })
    expect(ran.err).toContain(sentence)
  })

  it.each([
    ['a draft that is cut', (text: string) => text.slice(0, 200), 2, 'no root manifest'],
    [
      'a draft that was edited',
      (text: string) => text.replace(/"payload":"...../, '"payload":"AAAAA'),
      2,
      'no root manifest',
    ],
    ['a certification request', () => 'eyJ.eyJ.AAA', 2, 'no root manifest'],
  ])('refuses %s', async (_, spoil, exit, sentence) => {
    const one = await ceremony()
    await draftOf(one)
    one.files.set('draft.json', spoil(one.text('draft.json')))
    const ran = await sign(one, 'draft.json', 'out.json', ...one.sign(1))
    expect({ exit: ran.exit, written: one.files.has('out.json') }).toEqual({ exit, written: false })
    expect(ran.err).toContain(sentence)
  })

  it('refuses a draft that skips a version', async () => {
    const one = await ceremony()
    await rotate(one, '--threshold', '1', ...one.sign(0, 1))
    const three = [
      'root',
      'rotate',
      ...CHAIN,
      '--manifest',
      'draft.json',
      '--threshold',
      '2',
      '--out',
      'three.json',
    ]
    await one.licet(...three, ...one.sign(0))
    const { exit, err } = await sign(one, 'three.json', 'out.json', ...one.sign(1))
    expect(exit).toBe(1)
    expect(err).toContain('is root manifest version 3, and the chain ends with version 1')
  })
})

describe('a development root', () => {
  it('is left behind by a root that never lay on a server, and is revoked by it', async () => {
    const server = emptyStage()
    await server.licet('init')
    const one = await ceremony()
    const chain = readFileSync(`${server.data}/root-manifests.json`, 'utf8')
    one.files.set('dev.json', chain)
    const [{ keys }] = (await one.licet('root', 'show', 'dev.json', '--json')).json().items
    const options = [
      '--add',
      'root/root-manifest.json',
      '--threshold',
      '2',
      '--revoke',
      keys[0].kid,
      '--reason',
      'it lay on a server',
    ]
    await one.licet(
      'root',
      'rotate',
      '--manifest',
      'dev.json',
      ...options,
      '--out',
      'draft.json',
      ...one.sign(0, 2),
    )
    for (const name of ['dev.json', 'draft.json']) server.files.set(name, one.text(name))
    const signed = await server.licet(
      'root',
      'sign',
      'draft.json',
      '--manifest',
      'dev.json',
      '--development',
      '--out',
      'two.json',
      '--json',
    )
    expect(signed.json()).toMatchObject({ complete: true, version: 2 })
    expect((await server.licet('root', 'verify', 'two.json', '--manifest', 'dev.json')).exit).toBe(0)
    const again = await server.licet(
      'root',
      'sign',
      'draft.json',
      '--manifest',
      'dev.json',
      '--development',
      '--out',
      'b.json',
    )
    expect(again.exit).toBe(0)
  })

  it('signs nothing of a root that is not its own', async () => {
    const server = emptyStage()
    await server.licet('init')
    const one = await ceremony()
    await rotate(one, '--threshold', '1')
    for (const [name, text] of one.files) server.files.set(name, text)
    const { exit, err } = await server.licet(
      'root',
      'sign',
      'draft.json',
      ...CHAIN,
      '--development',
      '--out',
      'x.json',
    )
    expect({ exit, written: server.files.has('x.json') }).toEqual({ exit: 1, written: false })
    expect(err).toContain('The data directory holds root key')
  })

  it('that is not there signs nothing', async () => {
    const server = emptyStage()
    const one = await ceremony()
    await rotate(one, '--threshold', '1')
    for (const [name, text] of one.files) server.files.set(name, text)
    await server.licet('init', '--root', 'root/root-manifest.json')
    const { exit, err } = await server.licet(
      'root',
      'sign',
      'draft.json',
      ...CHAIN,
      '--development',
      '--out',
      'x.json',
    )
    expect(exit).toBe(1)
    expect(err).toContain('There is no development root in the data directory')
  })
})
