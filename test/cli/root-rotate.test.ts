import { describe, expect, it } from 'vitest'
import { writeRevocationRequest } from '../../src/format/revocation-request.ts'
import { newKey } from '../authority/ceremony/kit.ts'
import { type Ceremony, ceremony, made } from './ceremony.ts'
import { START } from './stage.ts'

const CHAIN = ['--manifest', 'root/root-manifest.json']
const rotate = (one: Ceremony, ...more: string[]) =>
  one.licet('root', 'rotate', ...CHAIN, '--out', 'draft.json', ...more)
const sign = (one: Ceremony, draft: string, out: string, ...more: string[]) =>
  one.licet('root', 'sign', draft, ...CHAIN, '--out', out, ...more)
const verify = (one: Ceremony, file: string) => one.licet('root', 'verify', file, ...CHAIN)

describe('licet root rotate', () => {
  it('replaces a lost key: the old threshold and the new one sign, wherever their owners are', async () => {
    const one = await ceremony()
    const { keys } = (await made(one, 'more', 1, 1)).json()
    const drafted = await rotate(one, '--add', keys[0].file, '--drop', one.kids[0], ...one.sign(1), '--json')
    expect(drafted.json()).toMatchObject({
      version: 2,
      threshold: 2,
      complete: false,
      signatures: [
        { version: 1, have: 1, need: 2, signed: [one.kids[1]], open: [one.kids[0], one.kids[2]] },
        { version: 2, have: 1, need: 2, signed: [one.kids[1]], open: [one.kids[2], keys[0].kid] },
      ],
    })
    expect((await verify(one, 'draft.json')).exit).toBe(1)
    const signed = await sign(one, 'draft.json', 'two.json', ...one.sign(2), '--json')
    expect(signed.json()).toMatchObject({ complete: true, version: 2 })
    expect((await verify(one, 'two.json')).exit).toBe(0)
    expect(
      (await one.licet('root', 'verify', 'root/root-manifest.json', '--manifest', 'two.json')).exit,
    ).toBe(1)
  })

  it('is complete at once where enough keys are', async () => {
    const one = await ceremony()
    const { exit, out } = await rotate(one, '--threshold', '3', ...one.sign(0, 1, 2))
    expect(exit).toBe(0)
    expect(out).toContain('root manifest version 2 is complete')
    expect(out).toContain('every key is needed')
  })

  it('revokes a root key, which leaves the keys', async () => {
    const one = await ceremony()
    const why = [
      '--revoke',
      one.kids[0],
      '--reason',
      'its owner lost the bag',
      '--compromised-at',
      '2026-02-01',
    ]
    const document = (await rotate(one, ...why, ...one.sign(1, 2), '--json')).json()
    expect(document).toMatchObject({
      complete: true,
      keys: [{ kid: one.kids[1] }, { kid: one.kids[2] }],
      revoked: [{ kid: one.kids[0], at: '2026-02-01T00:00:00Z', reason: 'its owner lost the bag' }],
    })
  })

  it('revokes the signing key of a revocation request', async () => {
    const one = await ceremony()
    const { kid, publicKey } = newKey()
    one.files.set('revocation.json', writeRevocationRequest({ kid, publicKey, at: START, reason: 'leaked' }))
    expect((await one.licet('root', 'show', 'revocation.json')).out).toContain(kid)
    await rotate(one, '--revoke', 'revocation.json', ...one.sign(0, 1))
    const [manifest] = (await one.licet('root', 'show', 'draft.json', '--json')).json().items
    expect(manifest.revoked).toMatchObject([{ kid, reason: 'leaked' }])
    expect(manifest.keys).toHaveLength(3)
  })

  it('walks on from a chain in several files', async () => {
    const one = await ceremony()
    await rotate(one, '--threshold', '1', ...one.sign(0, 1))
    const again = [...CHAIN, '--manifest', 'draft.json', '--out', 'three.json', '--threshold', '2']
    expect((await one.licet('root', 'rotate', ...again, ...one.sign(0, 1), '--json')).json()).toMatchObject({
      version: 3,
      complete: true,
    })
    one.files.set(
      'chain.json',
      `[${one.text('root/root-manifest.json')},${one.text('draft.json')},${one.text('three.json')}]`,
    )
    expect((await one.licet('root', 'verify', 'chain.json')).exit).toBe(0)
  })

  it('writes nothing and opens no key in a dry run', async () => {
    const one = await ceremony()
    const before = one.files.size
    const keys = ['--key', `root/root-${one.kids[1]}.key`]
    const { exit, out } = await rotate(one, '--drop', one.kids[0], ...keys, '--dry-run')
    expect({ exit, written: one.files.size - before }).toEqual({ exit: 0, written: 0 })
    expect(out).toContain('Nothing was written')
    expect(out).not.toContain(one.kids[0])
  })

  it.each([
    ['nothing to change', [], 2, 'Nothing would change'],
    ['a threshold above its keys', ['--threshold', '4'], 1, '4 of 3 keys cannot sign'],
    ['too few keys left', ['--drop', 'KID0', '--drop', 'KID1'], 1, '2 of 1 keys cannot sign'],
    ['a key to drop that it has not', ['--drop', '00000000'], 2, '--drop 00000000'],
    [
      'a key to revoke that it has not',
      ['--revoke', '00000000', '--reason', 'r'],
      2,
      'the chain has no such root key',
    ],
    ['a root key revoked without a reason', ['--revoke', 'KID0'], 2, 'say why, with --reason'],
    ['a revocation request that is none', ['--revoke', '0.txt'], 2, '0.txt is no revocation request'],
    ['a key to add that is none', ['--add', '0.txt'], 2, '0.txt is no whole sealed key'],
    ['a manifest to add that does not hold', ['--add', 'unsigned.json'], 2, 'do not hold'],
    ['an out file that exists', ['--threshold', '1', '--out', '0.txt'], 2, '0.txt exists already'],
    [
      'a time that is none',
      ['--revoke', 'KID0', '--reason', 'r', '--compromised-at', 'noon'],
      2,
      'It is no time',
    ],
  ])('is refused with %s', async (_, options, exit, sentence) => {
    const one = await ceremony()
    one.files.set(
      'unsigned.json',
      one.text('root/root-manifest.json').replace(/"signatures":\[.*\]/, '"signatures":[]'),
    )
    const before = one.files.size
    const given = options.map((option) => option.replace(/^KID(\d)$/, (_, i) => one.kids[Number(i)]!))
    const ran = await rotate(one, ...given)
    expect({ exit: ran.exit, out: ran.out, written: one.files.size - before }).toEqual({
      exit,
      out: '',
      written: 0,
    })
    expect(ran.err).toContain(sentence)
  })

  it('never takes a revoked key back', async () => {
    const one = await ceremony()
    await rotate(one, '--revoke', one.kids[0], '--reason', 'lost', ...one.sign(1, 2))
    const back = [
      'root',
      'rotate',
      '--manifest',
      'draft.json',
      '--add',
      `root/root-${one.kids[0]}.key`,
      '--out',
      'three.json',
    ]
    const { exit, err } = await one.licet(...back)
    expect(exit).toBe(1)
    expect(err).toContain(`Key ${one.kids[0]} is revoked, and that is for ever`)
  })
})
